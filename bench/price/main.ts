/**
 * Counts what an answer of 6, 30 and 300 seconds makes the platform do, and prints its price. The
 * production build runs under the local runtime, with a stand-in for Gemini's API that sends 50
 * chunks a second.
 *
 *   node bench/price/main.ts [flushes a second ...]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptError } from "../../scripts/lib/failure.ts";
import { fromRoot } from "../../scripts/lib/paths.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { runCommand } from "../../scripts/lib/processes.ts";
import { type Stack, startStack } from "../../scripts/lib/stack.ts";
import { Person } from "../lib/person.ts";
import { type ModelServer, startModelServer } from "../streams/model-server.ts";
import { findRuntimes, sumUsage } from "../streams/proc.ts";
import { buildProduct, readAnswer } from "../streams/product.ts";
import { type Counts, subtract } from "./counts.ts";
import { oldPriceOf, priceOf, type Usage } from "./prices.ts";

const chunksPerSecond = 50;
const lengths = [6, 30, 300];
const rates = process.argv.length > 2 ? process.argv.slice(2) : ["20", "5"];
/** Of the object, for its delivery at the end and its alarm after the grace period. */
const afterSeconds = 1;
/** The answer that is also made without a reader, and with more of them. */
const comparedSeconds = 30;
const moreReaders = 8;

/** Bundles the worker that counts, with the product's configuration. */
async function bundleCounting(directory: string): Promise<string> {
  const main = fromRoot("bench/price/worker/index.ts");
  const text = readFileSync(fromRoot("wrangler.toml"), "utf8");
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "wrangler.toml");
  writeFileSync(config, text.replace(/^main = .*$/m, `main = ${JSON.stringify(main)}`));
  const outDir = join(directory, "out");
  const { code, output } = await runCommand(
    "wrangler",
    ["deploy", "--dry-run", "--outdir", outDir, "--config", config],
    { cwd: directory, env: process.env },
  );
  if (code !== 0) throw new ScriptError(`The worker could not be bundled:\n${output}`);
  return join(outDir, "index.js");
}

type Measured = Usage & {
  /** That the reader got. */
  readonly chunks: number;
};

class Meter {
  readonly #person: Person;
  readonly #stack: Stack;
  readonly #model: ModelServer;
  readonly #runtimes = findRuntimes();

  constructor(person: Person, stack: Stack, model: ModelServer) {
    this.#person = person;
    this.#stack = stack;
    this.#model = model;
  }

  /**
   * Asks a question whose answer takes this long, and lets its log be deleted after it.
   *
   * @param readers of the answer; with none, its reader has left at once
   */
  async measure(chatId: string, seconds: number, readers = 1): Promise<Measured> {
    const before = await this.#counts();
    const cpuBefore = sumUsage(this.#runtimes).cpuMs;
    const question = `Stream ${crypto.randomUUID()}`;
    const count = Math.max(1, chunksPerSecond * seconds);
    this.#model.plan(question, { count, rate: chunksPerSecond });
    const startedAt = performance.now();
    const { streamId } = await this.#person.change<{ streamId: string }>("messages.send", {
      chatId,
      message: { id: crypto.randomUUID(), parts: [{ type: "text", text: question }] },
    });
    const { cookie = "" } = this.#person.headers;
    const reads = await Promise.all(
      Array.from({ length: readers }, () =>
        readAnswer(this.#stack.url, cookie, { chatId, streamId }),
      ),
    );
    const failed = reads.find(({ status }) => status !== "complete");
    if (failed) throw new ScriptError(`An answer ended as ${failed.status}.`);
    await this.#untilArchived(before, seconds);
    const objectSeconds = (performance.now() - startedAt) / 1_000 + afterSeconds;
    await this.#call("bench.forget");
    const cpuMs = sumUsage(this.#runtimes).cpuMs - cpuBefore;
    const counts = subtract(await this.#counts(), before);
    return { counts, cpuMs, objectSeconds, chunks: reads[0]?.chunkCount ?? 0 };
  }

  async #untilArchived({ kvWrites }: Counts, seconds: number): Promise<void> {
    for (let tries = 0; tries < 10 * (seconds + 10); tries += 1) {
      if ((await this.#counts()).kvWrites > kvWrites) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new ScriptError("An answer was not archived.");
  }

  #counts(): Promise<Counts> {
    return this.#call<Counts>("bench.counts");
  }

  async #call<T>(name: string): Promise<T> {
    const response = await fetch(`${this.#stack.url}/trpc/${name}`);
    if (!response.ok) throw new ScriptError(`${name}: ${response.status}`);
    return (await response.json()) as T;
  }
}

const cents = (dollars: number) => dollars.toFixed(3);

function printUsage(rate: string, name: string, seconds: number, usage: Measured, cpu: Cpu): void {
  const { counts, cpuMs: wholeCpuMs, chunks } = usage;
  const cpuMs = Math.round(cpu.askMs + cpu.relayMs * seconds);
  const { parts, total } = priceOf({ ...usage, cpuMs });
  const cells = [
    ...[counts.objectRowsWritten, counts.objectRowsRead, counts.d1RowsWritten, counts.d1RowsRead],
    ...[counts.requests, counts.objectRequests, counts.kvWrites, chunks, cpuMs, wholeCpuMs],
  ];
  console.log(`| ${[rate, name, ...cells, `**$${cents(total * 1_000)}**`].join(" | ")} |`);
  const shares = Object.entries(parts).map(([part, price]) => `${part} ${cents(price * 1_000)}`);
  console.error(`  ${rate}/s, ${name}: ${shares.join(", ")}`);
}

/** CPU time in ms of what is billed by it. */
interface Cpu {
  /** Of a question with an answer of one chunk: an upper bound, as it contains the object's work. */
  readonly askMs: number;
  /** Of a second of an answer, for one reader: what each further reader takes. */
  readonly relayMs: number;
}

async function measureAll(rate: string, meter: Meter): Promise<void> {
  const chatId = crypto.randomUUID();
  const first = await meter.measure(chatId, 6);
  const usages = new Map<number, Measured>();
  for (const seconds of lengths) usages.set(seconds, await meter.measure(chatId, seconds));
  const tiny = await meter.measure(chatId, 0);
  const unread = await meter.measure(chatId, comparedSeconds, 0);
  const [one, many] = [
    await meter.measure(chatId, comparedSeconds),
    await meter.measure(chatId, comparedSeconds, 1 + moreReaders),
  ];
  const relayMs = Math.max(0, many.cpuMs - one.cpuMs) / moreReaders / comparedSeconds;
  const cpu = { askMs: tiny.cpuMs, relayMs };
  printUsage(rate, "6 s, the first of a chat", 6, first, cpu);
  for (const [seconds, usage] of usages) printUsage(rate, `${seconds} s`, seconds, usage, cpu);
  const perChunk = (unread.cpuMs - tiny.cpuMs) / (chunksPerSecond * comparedSeconds);
  console.log(
    `\nAt ${rate}/s a chunk takes ${perChunk.toFixed(2)} ms of CPU time to make and store.`,
  );
}

function printOldStack(): void {
  console.log("\n| old stack, an answer of | functions | Redis, no second reader | one | in all |");
  console.log("|---|---:|---:|---:|---:|");
  for (const seconds of lengths) {
    const [none, one] = [0, 1].map((readers) => oldPriceOf(seconds, chunksPerSecond, readers));
    if (!none || !one) continue;
    const prices = [none.functions, none.redis, one.redis].map((price) => cents(price * 1_000));
    const sums = [none, one].map(({ functions, redis }) => cents((functions + redis) * 1_000));
    console.log(`| ${[`${seconds} s`, ...prices, sums.join(" to ")].join(" | ")} |`);
  }
}

const directory = mkdtempSync(join(tmpdir(), "bench-price-"));
const model = await startModelServer();
try {
  const build = {
    ...(await buildProduct()),
    worker: await bundleCounting(join(directory, "worker")),
  };
  console.log(
    "| flushes a second | answer | rows written in objects | read | in D1 | read | requests | of objects | KV writes | chunks | CPU ms, billed | of all | 1,000 answers |",
  );
  console.log("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const rate of rates) {
    const stateDir = join(directory, `state-${rate}`);
    mkdirSync(stateDir, { recursive: true });
    const stack = await startStack({
      port: await findFreePort(),
      stateDir,
      build,
      vars: {
        FLUSHES_PER_SECOND: rate,
        GOOGLE_GENERATIVE_AI_API_KEY: "bench-key",
        GOOGLE_GENERATIVE_AI_BASE_URL: model.baseUrl,
      },
      withoutRateLimits: true,
    });
    try {
      const meter = new Meter(await Person.signUp(stack.url), stack, model);
      await measureAll(rate, meter);
    } catch (error) {
      console.error(stack.lastLines());
      throw error;
    } finally {
      await stack.stop();
    }
  }
  printOldStack();
} finally {
  model.close();
  rmSync(directory, { recursive: true, force: true });
}
