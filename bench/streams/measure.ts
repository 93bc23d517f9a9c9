/**
 * The measurements. Both sides take turns, so that other load on the machine affects both alike.
 */
import {
  type Contender,
  type ResumePlan,
  resumeAtHalf,
  resumeInside,
  stream,
} from "./contender.ts";
import { median, quantile, sum } from "./statistics.ts";

/** A figure for each contender, in their order. */
export type Pair = readonly [theirs: number, ours: number];
type Contenders = readonly [theirs: Contender, ours: Contender];

const chunkCount = 1_000;
const rounds = 20;
/** A round takes a few hundredths of a second, so many rounds are needed against noise. */
const perChunkRounds = 60;
const warmUpRounds = 5;
const pacedSeconds = 5;
const pacedRounds = 3;

/**
 * Runs both alternately, each equally often first.
 *
 * @returns the results, theirs and ours
 */
async function inTurns<Result>(
  contenders: Contenders,
  count: number,
  run: (contender: Contender) => Promise<Result>,
): Promise<[theirs: Result[], ours: Result[]]> {
  const results: [Result[], Result[]] = [[], []];
  for (let round = 0; round < count; round += 1) {
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      results[index].push(await run(contenders[index]));
    }
  }
  return results;
}

const ofBoth = <Result>(
  [theirs, ours]: readonly [Result[], Result[]],
  figure: (results: Result[]) => number,
): Pair => [figure(theirs), figure(ours)];

/** Microseconds per chunk at full speed, from the first chunk to the last reader's end. */
export async function timePerChunk(
  contenders: Contenders,
  readers: number,
  options?: { readonly isMadeInside: boolean },
): Promise<Pair> {
  const plan = { count: chunkCount, rate: Number.POSITIVE_INFINITY };
  const times = await inTurns(contenders, warmUpRounds + perChunkRounds, async (contender) => {
    const { totalMs } = await stream(contender, plan, readers, options);
    return (totalMs * 1_000) / chunkCount;
  });
  return ofBoth(times, (results) => median(results.slice(warmUpRounds)));
}

export interface Delays {
  readonly p50: Pair;
  readonly p99: Pair;
  readonly writesPerSecond: Pair;
}

/** Milliseconds from a chunk's creation to its arrival at one reader, at a given rate. */
export async function addedDelay(contenders: Contenders, rate: number): Promise<Delays> {
  await inTurns(contenders, 1, (contender) => stream(contender, { count: rate, rate }, 1));
  const measured = await inTurns(contenders, pacedRounds, async (contender) => {
    const before = await contender.writes();
    const { delaysMs } = await stream(contender, { count: rate * pacedSeconds, rate }, 1);
    return { delaysMs, writes: (await contender.writes()) - before };
  });
  const delays = (share: number) =>
    ofBoth(measured, (results) =>
      quantile(
        results.flatMap(({ delaysMs }) => delaysMs),
        share,
      ),
    );
  return {
    p50: delays(0.5),
    p99: delays(0.99),
    writesPerSecond: ofBoth(
      measured,
      (results) => sum(results.map(({ writes }) => writes)) / (pacedRounds * pacedSeconds),
    ),
  };
}

export interface Resumption {
  readonly firstChunkMs: Pair;
  readonly caughtUpMs: Pair;
}

/**
 * Milliseconds until a reader that connects at half has a first chunk, and everything that exists.
 * With several readers, for the last one.
 */
export async function resumption(
  contenders: Contenders,
  how: Omit<ResumePlan, "count" | "readerCount"> & { readonly readerCount?: number },
): Promise<Resumption> {
  const plan = { readerCount: 1, ...how, count: chunkCount };
  const resumed = await inTurns(contenders, warmUpRounds + rounds, (contender) =>
    resumeAtHalf(contender, plan),
  );
  const medianOf = (key: "firstChunkMs" | "caughtUpMs") =>
    ofBoth(resumed, (results) => median(results.slice(warmUpRounds).map((result) => result[key])));
  return { firstChunkMs: medianOf("firstChunkMs"), caughtUpMs: medianOf("caughtUpMs") };
}

/** Readers per round, which connect one after another. */
const readersInside = 30;

/**
 * The same, inside the server: the mean of all readers, who connect one after another. A median of
 * the rounds' means would be coarse, because the runtime's clock has whole milliseconds.
 *
 * @param pauseMs between two readers
 */
export async function resumptionInside(
  contenders: Contenders,
  rate: number,
  pauseMs: number,
): Promise<Pair> {
  const plan = { count: chunkCount, rate, times: readersInside, pauseMs };
  const means = await inTurns(contenders, warmUpRounds + rounds, (contender) =>
    resumeInside(contender, plan),
  );
  return ofBoth(means, (results) => sum(results.slice(warmUpRounds)) / rounds);
}

export interface Costs {
  readonly writesPerChunk: Pair;
  /** Processor time of all servers, for all chunks of one generation. */
  readonly cpuMs: Pair;
}

/** The cost of one generation at full speed, by the number of readers. */
export async function costs(contenders: Contenders, readers: number): Promise<Costs> {
  const plan = { count: chunkCount, rate: Number.POSITIVE_INFINITY };
  const measured = await inTurns(contenders, rounds, async (contender) => {
    const [writesBefore, cpuBefore] = [await contender.writes(), contender.usage().cpuMs];
    await stream(contender, plan, readers);
    const cpuMs = contender.usage().cpuMs - cpuBefore;
    return { cpuMs, writes: (await contender.writes()) - writesBefore };
  });
  return {
    writesPerChunk: ofBoth(
      measured,
      (results) => sum(results.map(({ writes }) => writes)) / rounds / chunkCount,
    ),
    // /proc counts in steps of 10 ms, so only the sum over all rounds is exact enough.
    cpuMs: ofBoth(measured, (results) => sum(results.map(({ cpuMs }) => cpuMs)) / rounds),
  };
}
