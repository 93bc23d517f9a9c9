/** The added delay of the whole product: from the model's chunk to a reader of `messages.stream`. */
import { indexesIn } from "./chunks.ts";
import { startModelServer } from "./model-server.ts";
import { findRuntimes, sumUsage } from "./proc.ts";
import { ask, readAnswer, signUp, startProduct } from "./product.ts";
import { median, quantile } from "./statistics.ts";

const pacedSeconds = 10;

export interface ProductDelay {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the runtimes for one answer, in ms per second of streaming. */
  readonly cpuMsPerSecond: number;
}

type Rate = 20 | 100 | 200;

/** @throws when a chunk is missing or duplicated */
export async function productDelays(): Promise<Record<Rate, ProductDelay>> {
  const model = await startModelServer();
  const product = await startProduct({
    GOOGLE_GENERATIVE_AI_API_KEY: "bench-key",
    GOOGLE_GENERATIVE_AI_BASE_URL: model.baseUrl,
  });
  try {
    const { url } = product.stack;
    const cookie = await signUp(url);
    const runtimes = findRuntimes();
    const measure = async (rate: number, seconds: number): Promise<ProductDelay> => {
      const question = `Stream ${crypto.randomUUID()}`;
      const count = rate * seconds;
      const { madeAt } = model.plan(question, { count, rate });
      const cpuBefore = sumUsage(runtimes).cpuMs;
      const delaysMs: number[] = [];
      const turn = await ask(url, cookie, question);
      const { status, text } = await readAnswer(url, cookie, turn, ({ text }, now) => {
        const has = indexesIn(text).length;
        for (let index = delaysMs.length; index < has; index += 1) {
          delaysMs.push(now - (madeAt[index] ?? Number.NaN));
        }
      });
      const isWhole = indexesIn(text).every((index, position) => index === position);
      if (status !== "complete" || delaysMs.length !== count || !isWhole) {
        throw new Error(`An answer ended as ${status} with ${delaysMs.length} of ${count} chunks.`);
      }
      const cpuMsPerSecond = (sumUsage(runtimes).cpuMs - cpuBefore) / seconds;
      return { p50: median(delaysMs), p99: quantile(delaysMs, 0.99), cpuMsPerSecond };
    };
    await measure(100, 2);
    return {
      20: await measure(20, pacedSeconds),
      100: await measure(100, pacedSeconds),
      200: await measure(200, pacedSeconds),
    };
  } finally {
    await product.stop();
    model.close();
  }
}
