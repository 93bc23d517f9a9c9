/** Many chats with live answers at once, each with readers, through the whole product. */
import { findRuntimes, sumUsage } from "./proc.ts";
import { ask, checkCount, readAnswer, signUp, startProduct } from "./product.ts";

const sampleMs = 200;
const peopleCount = 20;
const numbersPerAnswer = 300;
const wordsPerSecond = 50;

export interface Load {
  readonly chats: number;
  readonly readersPerChat: number;
  readonly numbersPerAnswer: number;
  /** The demo model's pace. */
  readonly wordsPerSecond: number;
  /** Milliseconds from the first message to the last reader's end. */
  readonly seconds: number;
  /** Chunks created per second. */
  readonly chunksPerSecond: number;
  readonly peakMegabytes: number;
  readonly cpuSeconds: number;
}

/**
 * @throws when a reader misses a chunk or gets one twice, or when an answer does not end as
 *   complete
 */
export async function underLoad(chats: number, readersPerChat: number): Promise<Load> {
  const product = await startProduct({ DEMO_TOKENS_PER_SECOND: String(wordsPerSecond) });
  try {
    const { url } = product.stack;
    const cookies = await Promise.all(Array.from({ length: peopleCount }, () => signUp(url)));
    const runtimes = findRuntimes();
    let peakBytes = 0;
    const sampler = setInterval(() => {
      peakBytes = Math.max(peakBytes, sumUsage(runtimes).residentBytes);
    }, sampleMs);
    const cpuBefore = sumUsage(runtimes).cpuMs;
    const startedAt = performance.now();
    const counts = await Promise.all(
      Array.from({ length: chats }, (_, index) =>
        oneChat(url, cookies[index % peopleCount] ?? "", readersPerChat),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(sampler);
    const chunks = counts.reduce((sum, count) => sum + count, 0);
    return {
      chats,
      readersPerChat,
      numbersPerAnswer,
      wordsPerSecond,
      seconds,
      chunksPerSecond: chunks / seconds,
      peakMegabytes: peakBytes / 1_000_000,
      cpuSeconds: (sumUsage(runtimes).cpuMs - cpuBefore) / 1_000,
    };
  } finally {
    await product.stop();
  }
}

/** @returns the number of the answer's chunks */
async function oneChat(url: string, cookie: string, readersPerChat: number): Promise<number> {
  const turn = await ask(url, cookie, `count to ${numbersPerAnswer}`);
  const readings = await Promise.all(
    Array.from({ length: readersPerChat }, () => readAnswer(url, cookie, turn)),
  );
  for (const { text, status } of readings) {
    checkCount(text, numbersPerAnswer);
    if (status !== "complete") throw new Error(`An answer ended as ${status}.`);
  }
  return numbersPerAnswer;
}
