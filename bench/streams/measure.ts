/** The measurements, of both sides in turns, so that what else the machine does meets both alike. */
import { type Contender, resumeAtHalf, stream } from "./contender.ts";
import { median, quantile } from "./statistics.ts";

/** A figure of each contender, in their order. */
export type Pair = readonly [theirs: number, ours: number];
type Contenders = readonly [theirs: Contender, ours: Contender];

const chunkCount = 1_000;
const rounds = 20;
const warmUpRounds = 5;
const pacedSeconds = 10;

/** Runs both in turns and takes the median of each. */
async function medians(
  contenders: Contenders,
  run: (contender: Contender) => Promise<number>,
): Promise<Pair> {
  const results: [number[], number[]] = [[], []];
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const result = await run(contender);
      if (round >= warmUpRounds) results[index as 0 | 1].push(result);
    }
  }
  return [median(results[0]), median(results[1])];
}

/** Microseconds a chunk at full speed, from the first chunk to the end at the last reader. */
export async function timePerChunk(contenders: Contenders, readers: number): Promise<Pair> {
  const plan = { count: chunkCount, rate: Number.POSITIVE_INFINITY };
  return medians(contenders, async (contender) => {
    const { totalMs } = await stream(contender, plan, readers);
    return (totalMs * 1_000) / chunkCount;
  });
}

export interface Delays {
  readonly p50: Pair;
  readonly p99: Pair;
  readonly writesPerSecond: Pair;
}

/** Milliseconds between a chunk's making and its arrival, at a pace. */
export async function addedDelay(contenders: Contenders, rate: number): Promise<Delays> {
  const plan = { count: rate * pacedSeconds, rate };
  const figures: { p50: number; p99: number; writes: number }[] = [];
  for (const contender of contenders) {
    await stream(contender, { count: rate, rate }, 1);
    const before = await contender.writes();
    const { delaysMs } = await stream(contender, plan, 1);
    const writes = ((await contender.writes()) - before) / pacedSeconds;
    figures.push({ p50: median(delaysMs), p99: quantile(delaysMs, 0.99), writes });
  }
  const pair = (key: "p50" | "p99" | "writes"): Pair => [
    figures[0]?.[key] ?? Number.NaN,
    figures[1]?.[key] ?? Number.NaN,
  ];
  return { p50: pair("p50"), p99: pair("p99"), writesPerSecond: pair("writes") };
}

export interface Resumption {
  readonly firstByteMs: Pair;
  readonly caughtUpMs: Pair;
}

/** Milliseconds until a reader who comes at half has a first chunk, and all that there were. */
export async function resumption(
  contenders: Contenders,
  how: { readonly isWarm: boolean; readonly isRunning: boolean },
): Promise<Resumption> {
  const firstBytes = new Map<Contender, number[]>();
  const caughtUpMs = await medians(contenders, async (contender) => {
    const resumed = await resumeAtHalf(contender, chunkCount, how);
    firstBytes.set(contender, [...(firstBytes.get(contender) ?? []), resumed.firstByteMs]);
    return resumed.caughtUpMs;
  });
  const [theirs, ours] = contenders.map((contender) =>
    median((firstBytes.get(contender) ?? []).slice(warmUpRounds)),
  );
  return { firstByteMs: [theirs ?? Number.NaN, ours ?? Number.NaN], caughtUpMs };
}

/** Writes or commands, and CPU ms, of one generation at full speed with some readers. */
export async function costs(contenders: Contenders, readers: number) {
  const writes: number[] = [];
  const cpuMs: number[] = [];
  const plan = { count: chunkCount, rate: Number.POSITIVE_INFINITY };
  for (const contender of contenders) {
    const [writesBefore, cpuBefore] = [await contender.writes(), contender.usage().cpuMs];
    for (let round = 0; round < rounds; round += 1) await stream(contender, plan, readers);
    cpuMs.push((contender.usage().cpuMs - cpuBefore) / rounds);
    writes.push(((await contender.writes()) - writesBefore) / rounds / chunkCount);
  }
  return { writesPerChunk: writes as unknown as Pair, cpuMs: cpuMs as unknown as Pair };
}
