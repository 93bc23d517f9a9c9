/** Measures what a reader has after the process that generated the answer was killed. */
import { chunkText, indexesIn } from "./chunks.ts";
import { feed } from "./contender.ts";
import { openTexts, post } from "./http.ts";
import type { LibraryContender } from "./library.ts";
import { ask, readAnswer, signUp, startProduct } from "./product.ts";

/** How long to wait for an end that may never come. */
const patienceMs = 20_000;

export interface AfterKill {
  /** Chunks, or numbers, that the reader had when the process was killed. */
  readonly seen: number;
  /** The chunks that a later reader gets. */
  readonly later: number;
  /** How long the first reader waited for an end. */
  readonly waitedMs: number;
  /** Whether the first reader got an end. */
  readonly wasTold: boolean;
  readonly end: string;
}

/** Kills the product's runtime in the middle of an answer, and restarts it on the same storage. */
export async function killOurs(): Promise<AfterKill> {
  const product = await startProduct({ DEMO_TOKENS_PER_SECOND: "100" });
  try {
    const { url } = product.stack;
    const cookie = await signUp(url);
    const turn = await ask(url, cookie, "count to 1000");
    const enough = Promise.withResolvers<void>();
    const reading = readAnswer(url, cookie, turn, ({ text }) => {
      if (text.length > 500) enough.resolve();
    });
    await enough.promise;
    await product.stack.crash();
    const seen = await reading;
    await product.stack.restart();
    const { lastEventId } = seen;
    const rest = await readAnswer(url, cookie, { ...turn, lastEventId });
    const count = (text: string) => (text.match(/\d+/g) ?? []).length;
    return {
      seen: count(seen.text),
      later: count(seen.text + rest.text),
      waitedMs: 0,
      wasTold: rest.status !== undefined,
      end: String(rest.status),
    };
  } finally {
    await product.stop();
  }
}

/**
 * Kills the library's producer in the middle of a stream. Redis and the readers' process live on.
 */
export async function killTheirs(library: LibraryContender): Promise<AfterKill> {
  const streamId = crypto.randomUUID();
  await post(`${library.producerOrigin}/open/${streamId}`);
  const address = `${library.readerOrigin}/read/${streamId}`;
  let seen = 0;
  let wasTold = false;
  const enough = Promise.withResolvers<void>();
  const first = await openTexts(address);
  const reading = (async () => {
    for await (const text of first.texts) {
      seen += indexesIn(text).length;
      if (seen >= 100) enough.resolve();
    }
    wasTold = true;
  })().catch(() => undefined);
  void feed(library, streamId, endless()).catch(() => undefined);
  await enough.promise;
  await library.killProducer();
  await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  first.close();

  const askedAt = performance.now();
  let later = 0;
  let end = "";
  try {
    const second = await openTexts(address);
    for await (const text of second.texts) later += indexesIn(text).length;
    end = `status ${second.status}, ended`;
  } catch (error) {
    end = String(error);
  }
  end += ` after ${Math.round(performance.now() - askedAt)} ms`;
  return { seen, later, waitedMs: patienceMs, wasTold, end };
}

async function* endless(): AsyncGenerator<string> {
  for (let index = 0; ; index += 1) {
    yield chunkText(index);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
