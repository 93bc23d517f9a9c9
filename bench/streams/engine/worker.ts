/**
 * The product's log, live turn and readers in a Durable Object. The bench takes the model's place,
 * and a worker relays answers as the product does.
 */
import { DurableObject } from "cloudflare:workers";
import { systemTimers } from "../../../api-worker/src/features/messages/object/live/flush-buffer.ts";
import { LiveTurn } from "../../../api-worker/src/features/messages/object/live/live-turn.ts";
import { flushIntervalMs } from "../../../api-worker/src/features/messages/object/live/pace.ts";
import type { Chunk } from "../../../api-worker/src/features/messages/turn/chunks.ts";
import {
  decodeLines,
  type TurnPage,
} from "../../../api-worker/src/features/messages/turn/turn-protocol.ts";
import { BlockLog } from "../../../api-worker/src/platform/block-log.ts";
import { delay } from "../../../api-worker/src/platform/delay.ts";
import { createSource } from "../chunks.ts";
import { searchParamsOf, timeRepeated } from "../repeated.ts";

interface EngineEnv {
  readonly TURN: DurableObjectNamespace<BenchTurn>;
}

/** Rows that all turns have written. Local objects share their worker's memory. */
let rowsWritten = 0;

/** The real storage, which counts the rows that each statement writes. */
function counted(sql: SqlStorage): SqlStorage {
  return new Proxy(sql, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        if (name === "exec") rowsWritten += (result as SqlStorageCursor<never>).rowsWritten;
        return result;
      };
    },
  });
}

export class BenchTurn extends DurableObject<EngineEnv> {
  #live: LiveTurn | undefined;

  open(streamId: string): void {
    const { storage } = this.ctx;
    const log = new BlockLog(counted(storage.sql));
    this.#live = new LiveTurn(streamId, log, storage, systemTimers, flushIntervalMs(20));
  }

  /** Fetches chunks, one JSON text per line, and ends the turn after the last. */
  override async fetch(request: Request): Promise<Response> {
    const live = this.#turn();
    const { searchParams } = new URL(request.url);
    const count = searchParams.get("count");
    if (count) return this.#generate(live, Number(count));
    const decoder = new TextDecoder();
    let rest = "";
    const source = await fetch(searchParams.get("source") ?? "");
    const reader = (source.body as ReadableStream<Uint8Array>).getReader();
    for (;;) {
      const { done, value: bytes } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) live.push(JSON.parse(line) as Chunk);
    }
    await live.end({ status: "complete" }, () => undefined);
    return new Response();
  }

  async #generate(live: LiveTurn, count: number): Promise<Response> {
    const { stream } = createSource({ count, rate: Number.POSITIVE_INFINITY });
    for await (const text of stream) live.push(JSON.parse(text) as Chunk);
    await live.end({ status: "complete" }, () => undefined);
    return new Response();
  }

  page(afterSeq: number): TurnPage | null {
    return this.#turn().readers.page(afterSeq);
  }

  read(afterSeq: number): ReadableStream {
    return this.#turn().readers.open(afterSeq);
  }

  #turn(): LiveTurn {
    if (!this.#live) throw new Error("There is no such turn.");
    return this.#live;
  }
}

const encoder = new TextEncoder();

/** Like `readTurn`: first the existing chunks, then each new one as it comes. */
async function* readLines(stub: DurableObjectStub<BenchTurn>, afterSeq: number) {
  const page = await stub.page(afterSeq);
  if (page) {
    yield { ...page, chunks: JSON.parse(page.chunks) as Chunk[] };
    if (page.isLast) return;
    await delay(0);
  }
  yield* decodeLines((await stub.read(page?.lastSeq ?? afterSeq)) as ReadableStream);
}

/** Like the library's readers, which continue when they have caught up. */
async function readUnheard(lines: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of lines);
}

export default {
  async fetch(request: Request, env: EngineEnv): Promise<Response> {
    const url = new URL(request.url);
    const [, action = "", streamId = ""] = url.pathname.split("/");
    if (action === "rows") return new Response(String(rowsWritten));
    const stub = env.TURN.get(env.TURN.idFromName(streamId));
    if (action === "open") {
      await stub.open(streamId);
      return new Response();
    }
    if (action === "feed" || action === "generate") return stub.fetch(request);
    if (action === "resume") {
      const resume = async () => {
        const lines = readLines(stub, -1);
        if ((await lines.next()).done) throw new Error("There is nothing to resume.");
        void readUnheard(lines);
      };
      return Response.json(await timeRepeated(resume, searchParamsOf(url)));
    }
    const lines = readLines(stub, Number(url.searchParams.get("after") ?? -1));
    const events = new ReadableStream({
      async pull(controller) {
        const { done, value } = await lines.next();
        if (done) return controller.close();
        const data = JSON.stringify(value.chunks);
        controller.enqueue(encoder.encode(`id: ${streamId}:${value.lastSeq}\ndata: ${data}\n\n`));
      },
      async cancel() {
        await lines.return(undefined);
      },
    });
    return new Response(events, { headers: { "content-type": "text/event-stream" } });
  },
} satisfies ExportedHandler<EngineEnv>;
