/**
 * Serves `resumable-stream` as an app would: a process that runs generations or serves readers,
 * over HTTP. The bench starts it twice, because a reader that reconnects may reach any process.
 * Arguments: port, address of Redis.
 */
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { createClient } from "redis";
import { createResumableStreamContext } from "resumable-stream";
import { createSource } from "./chunks.ts";
import { searchParamsOf, timeRepeated } from "./repeated.ts";

const [, , port = "", redisUrl = ""] = process.argv;

type Context = ReturnType<typeof createResumableStreamContext>;

/** A context with its own two connections to Redis, as the library requires. */
async function connectContext(): Promise<Context & { close(): Promise<unknown> }> {
  const clients = [createClient({ url: redisUrl }), createClient({ url: redisUrl })] as const;
  const [publisher, subscriber] = clients;
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const context = createResumableStreamContext({
    // The library's types list only the methods that it needs, and the clients' types are wider.
    ...({ publisher, subscriber } as object),
    waitUntil: () => undefined,
  });
  return { ...context, close: () => Promise.all(clients.map((client) => client.quit())) };
}

const context = await connectContext();

interface Opened {
  /** Takes the generation's chunks. */
  readonly feed: (source: AsyncIterable<string>) => void;
  /** Settles when everything was streamed. */
  readonly done: Promise<void>;
}
const opened = new Map<string, Opened>();

async function open(streamId: string): Promise<void> {
  const source = Promise.withResolvers<AsyncIterable<string>>();
  const made = await context.createNewResumableStream(streamId, () => toStream(source.promise));
  opened.set(streamId, { feed: source.resolve, done: drain(made) });
}

function toStream(source: Promise<AsyncIterable<string>>): ReadableStream<string> {
  let texts: AsyncIterator<string> | undefined;
  return new ReadableStream({
    async pull(controller) {
      texts ??= (await source)[Symbol.asyncIterator]();
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Reads the producer's own stream, like the request that started it. */
async function drain(stream: ReadableStream<string> | null | undefined): Promise<void> {
  for await (const _ of (stream ?? []) as AsyncIterable<string>);
}

/**
 * @param isCold whether to act like a fresh instance of a server, which must connect to Redis first
 */
async function read(streamId: string, response: ServerResponse, isCold: boolean): Promise<void> {
  const reading = isCold ? await connectContext() : context;
  const texts = await reading.resumeExistingStream(streamId);
  response.writeHead(texts ? 200 : 422, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for await (const text of (texts ?? []) as AsyncIterable<string>) {
    response.write(`data: ${text}\n\n`);
  }
  response.end();
  if (isCold) await reading.close();
}

/**
 * Connects one more reader and waits for the first text, which has everything that exists. Reads
 * and ignores the rest.
 */
async function resume(streamId: string): Promise<void> {
  const reader = (await context.resumeExistingStream(streamId))?.getReader();
  const first = await reader?.read();
  if (!first?.value) throw new Error("There is nothing to resume.");
  void (async () => {
    while (!(await reader?.read())?.done);
  })();
}

async function* linesFrom(source: string): AsyncGenerator<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(source, resolve).on("error", reject),
  );
  let rest = "";
  for await (const piece of response.setEncoding("utf8")) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const [, action, streamId = ""] = url.pathname.split("/");
  if (action === "open") await open(streamId);
  else if (action === "resume") {
    const meanMs = await timeRepeated(() => resume(streamId), searchParamsOf(url));
    response.write(JSON.stringify(meanMs));
  } else if (action === "read") return read(streamId, response, url.searchParams.has("cold"));
  else if (action === "feed" || action === "generate") {
    const generation = opened.get(streamId);
    const count = Number(url.searchParams.get("count"));
    generation?.feed(
      action === "feed"
        ? linesFrom(url.searchParams.get("source") ?? "")
        : createSource({ count, rate: Number.POSITIVE_INFINITY }).stream,
    );
    await generation?.done;
  }
  response.end();
}

createServer((request, response) => {
  response.socket?.setNoDelay(true);
  void answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
