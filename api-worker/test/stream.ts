import type { z } from "zod";
import type { ErrorData } from "../src/contracts/errors.ts";
import type { streamInput } from "../src/contracts/messages.ts";
import type { TestClient } from "./client.ts";

/** One event of a subscription. */
export interface StreamEvent<Data> {
  /** To be sent as `lastEventId`; empty for a subscription without ids. */
  readonly id: string;
  readonly data: Data;
}

/** The fields that all chunks of the AI SDK's UI message stream share. */
export interface Chunk {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface OpenStream<Data> extends AsyncIterable<StreamEvent<Data>> {
  /** The next event; undefined after the last. */
  next(): Promise<StreamEvent<Data> | undefined>;
  /** All remaining events. */
  rest(): Promise<StreamEvent<Data>[]>;
  /** `return`: the worker ended the subscription. `cut`: the connection broke. null: still open. */
  readonly endedBy: "return" | "cut" | null;
  /** Disconnects, like a reader who closes the tab. */
  cancel(): Promise<void>;
}

/** The worker refused the subscription, or ended it with an error. */
export class StreamFailure extends Error {
  override readonly name = "StreamFailure";
  readonly data: ErrorData;
  constructor(message: string, data: ErrorData) {
    super(message);
    this.data = data;
  }
}

/**
 * Subscribes to `messages.stream`.
 *
 * @throws StreamFailure when the worker refuses it at once; reading throws when it ends with one
 */
export function openStream(
  client: Pick<TestClient, "fetch">,
  input: z.input<typeof streamInput>,
): Promise<OpenStream<Chunk[]>> {
  return openSubscription(client, "messages.stream", input);
}

/**
 * Subscribes to a procedure.
 *
 * @throws StreamFailure when the worker refuses it at once; reading throws when it ends with one
 */
export async function openSubscription<Data>(
  client: Pick<TestClient, "fetch">,
  path: string,
  input: unknown,
): Promise<OpenStream<Data>> {
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const response = await client.fetch(`/trpc/${path}${query}`, {
    headers: { accept: "text/event-stream" },
  });
  if (!response.ok) {
    const { error } = await response.json<{ error: { message: string; data: ErrorData } }>();
    throw new StreamFailure(error.message, error.data);
  }
  if (!response.body) throw new Error("The subscription has no body.");
  return new SseStream<Data>(response.body);
}

/** Reads tRPC's server-sent events: `connected`, `ping`, data with an id, `serialized-error`, `return`. */
class SseStream<Data> implements OpenStream<Data> {
  endedBy: "return" | "cut" | null = null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #buffer = "";

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  async next(): Promise<StreamEvent<Data> | undefined> {
    while (this.endedBy === null) {
      const block = await this.#nextBlock();
      if (block === undefined) {
        this.endedBy = "cut";
      } else if (block.event === "return") {
        this.endedBy = "return";
      } else if (block.event === "serialized-error") {
        this.endedBy = "return";
        const { message, data } = JSON.parse(block.data) as { message: string; data: ErrorData };
        throw new StreamFailure(message, data);
      } else if (block.event === undefined && block.data !== "") {
        return { id: block.id ?? "", data: JSON.parse(block.data) as Data };
      }
    }
    return undefined;
  }

  async rest(): Promise<StreamEvent<Data>[]> {
    const events: StreamEvent<Data>[] = [];
    for await (const event of this) events.push(event);
    return events;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<StreamEvent<Data>> {
    for (let event = await this.next(); event; event = await this.next()) yield event;
  }

  /** Events are separated by empty lines. */
  async #nextBlock() {
    for (;;) {
      const end = this.#buffer.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 2).replace(/^\n+/, "");
        return parseBlock(block);
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#buffer = (this.#buffer + this.#decoder.decode(value, { stream: true })).replace(
        /^\n+/,
        "",
      );
    }
  }
}

function parseBlock(block: string): { event?: string; id?: string; data: string } {
  const fields: { event?: string; id?: string; data: string } = { data: "" };
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^(event|id|data): ?(.*)$/.exec(line) ?? [];
    if (name === "event" || name === "id" || name === "data") fields[name] = value;
  }
  return fields;
}
