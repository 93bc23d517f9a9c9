/**
 * What is measured of either side, over the same HTTP: `POST /open/:id`, `/feed/:id` (chunks in the
 * body, a line each) or `/generate/:id?count=`, and `GET /read/:id` for server-sent events.
 */
import { checkWhole, createSource, type Reading, readChunks, type SourcePlan } from "./chunks.ts";
import { openTexts, post } from "./http.ts";
import type { Usage } from "./proc.ts";

export interface Contender {
  readonly name: string;
  /** Where a generation runs. */
  readonly producerOrigin: string;
  /** Where its readers are served. */
  readonly readerOrigin: string;
  /** Rows, or commands, that were written so far. */
  writes(): Promise<number>;
  /** What its processes have used so far, the client's own aside. */
  usage(): Usage;
  stop(): Promise<void>;
}

export interface Streamed {
  /** Added delay of each chunk that reached the first reader, in ms. */
  readonly delaysMs: readonly number[];
  /** From the first chunk to the end at the last reader. */
  readonly totalMs: number;
}

/**
 * Streams to readers that are all there before the first chunk is made. Without a rate the chunks
 * are made in the producer's process, as fast as they are taken; with one they come from here, so
 * that one clock sees both ends.
 *
 * @throws when a reader does not get each chunk once, in order
 */
export async function stream(
  contender: Contender,
  plan: SourcePlan,
  readerCount: number,
): Promise<Streamed> {
  const streamId = await open(contender);
  const readers: Promise<Reading>[] = [];
  for (let reader = 0; reader < readerCount; reader += 1) {
    const { texts } = await openTexts(`${contender.readerOrigin}/read/${streamId}`);
    readers.push(readChunks(texts));
  }
  const startedAt = performance.now();
  let madeAt: readonly number[] = [];
  if (plan.rate === Number.POSITIVE_INFINITY) {
    await post(`${contender.producerOrigin}/generate/${streamId}?count=${plan.count}`);
  } else {
    const source = createSource(plan);
    madeAt = source.madeAt;
    await post(`${contender.producerOrigin}/feed/${streamId}`, source.stream);
  }
  const readings = await Promise.all(readers);
  const totalMs = performance.now() - startedAt;
  for (const reading of readings) checkWhole(reading, plan.count);
  const arrivedAt = readings[0]?.arrivedAt ?? [];
  return { totalMs, delaysMs: madeAt.map((made, index) => (arrivedAt[index] ?? 0) - made) };
}

/** A reader comes this long after the half was made. */
const settleMs = 100;

export interface Resumed {
  readonly firstByteMs: number;
  readonly caughtUpMs: number;
}

/**
 * Lets a reader come, from the start, when half of the chunks are made.
 *
 * @param isWarm whether the reader's connection is there already
 * @param isRunning whether the rest is made meanwhile, as fast as it is taken; else it waits
 * @returns until the first chunk is there, and until all are that were made when it came
 */
export async function resumeAtHalf(
  contender: Contender,
  count: number,
  { isWarm, isRunning }: { readonly isWarm: boolean; readonly isRunning: boolean },
): Promise<Resumed> {
  const streamId = await open(contender);
  const half = Math.floor(count / 2);
  const address = `${contender.readerOrigin}/read/${streamId}`;
  const halfDone = Promise.withResolvers<void>();
  // A reader from the start tells when half of it is there.
  const first = readChunks((await openTexts(address)).texts, (has) => {
    if (has >= half) halfDone.resolve();
  });
  const rest = Promise.withResolvers<void>();
  const { producerOrigin } = contender;
  const pause = { index: half, until: rest.promise };
  const paused = () => createSource({ count, rate: Number.POSITIVE_INFINITY, pause }).stream;
  const made = isRunning
    ? post(`${producerOrigin}/generate/${streamId}?count=${count}`)
    : post(`${producerOrigin}/feed/${streamId}`, paused());
  await halfDone.promise;
  // What is left of the work for the first half is no part of the resumption.
  if (!isRunning) await new Promise((resolve) => setTimeout(resolve, settleMs));

  const startedAt = performance.now();
  const resumed = await openTexts(address, { isFresh: !isWarm });
  let firstByteMs = 0;
  const caughtUp = Promise.withResolvers<number>();
  const second = readChunks(resumed.texts, (has) => {
    if (has > 0) firstByteMs ||= performance.now() - startedAt;
    if (has >= half) caughtUp.resolve(performance.now() - startedAt);
  });
  const caughtUpMs = await caughtUp.promise;
  rest.resolve();
  await made;
  for (const reading of await Promise.all([first, second])) checkWhole(reading, count);
  return { firstByteMs, caughtUpMs };
}

async function open(contender: Contender): Promise<string> {
  const streamId = crypto.randomUUID();
  await post(`${contender.producerOrigin}/open/${streamId}`);
  return streamId;
}
