/**
 * One side of the comparison. Both are measured over the same HTTP: `POST /open/:id`,
 * `/feed/:id?source=` (an address to fetch chunks from) or `/generate/:id?count=`, and `GET
 * /read/:id` for server-sent events. `?cold` also makes the server use new connections to what is
 * behind it, if anything is. `GET /resume/:id` returns the milliseconds that connecting a reader
 * takes inside the server that serves it.
 */
import { checkWhole, createSource, type Reading, readChunks, type SourcePlan } from "./chunks.ts";
import { openTexts, post } from "./http.ts";
import type { Usage } from "./proc.ts";
import type { Repetition } from "./repeated.ts";
import { serveTexts } from "./source-server.ts";

export interface Contender {
  readonly name: string;
  /** Where a generation runs. */
  readonly producerOrigin: string;
  /** Where its readers are served. */
  readonly readerOrigin: string;
  /** Rows, or commands, written so far. */
  writes(): Promise<number>;
  /** Resources that its processes have used so far, without the client's own. */
  usage(): Usage;
  stop(): Promise<void>;
}

export interface Streamed {
  /** The delay added to each chunk for the first reader, in ms. */
  readonly delaysMs: readonly number[];
  /** From the first chunk to the end at the last reader. */
  readonly totalMs: number;
}

/**
 * Streams to readers that are all connected before the first chunk is created. The chunks come from
 * this process, so that one clock sees both ends, or are created in the producer's own process
 * without pauses.
 *
 * @throws when a reader does not get each chunk once, in order
 */
export async function stream(
  contender: Contender,
  plan: SourcePlan,
  readerCount: number,
  { isMadeInside = false } = {},
): Promise<Streamed> {
  const streamId = await open(contender);
  const readers: Promise<Reading>[] = [];
  for (let reader = 0; reader < readerCount; reader += 1) {
    const { texts } = await openTexts(`${contender.readerOrigin}/read/${streamId}`);
    readers.push(readChunks(texts));
  }
  const startedAt = performance.now();
  let madeAt: readonly number[] = [];
  if (isMadeInside) {
    await post(`${contender.producerOrigin}/generate/${streamId}?count=${plan.count}`);
  } else {
    const source = createSource(plan);
    madeAt = source.madeAt;
    await feed(contender, streamId, source.stream);
  }
  const readings = await Promise.all(readers);
  const totalMs = performance.now() - startedAt;
  for (const reading of readings) checkWhole(reading, plan.count);
  const arrivedAt = readings[0]?.arrivedAt ?? [];
  return { totalMs, delaysMs: madeAt.map((made, index) => (arrivedAt[index] ?? 0) - made) };
}

/** A reader connects this long after the first half was created. */
const settleMs = 100;
/** Half of the chunks, created without pauses, exist long before this. */
const untilHalfMs = 250;
/** Attempts before giving up, because a reader may connect after the stream has ended. */
const triesMax = 20;

export interface Resumed {
  readonly firstChunkMs: number;
  readonly caughtUpMs: number;
}

export interface ResumePlan {
  readonly count: number;
  /** Whether the reader's connections are already open. */
  readonly isWarm: boolean;
  /** Chunks a second while the reader connects; Infinity for full speed. */
  readonly rate: number;
  /** Readers that connect at the same time. */
  readonly readerCount: number;
}

/**
 * Connects readers that read from the start when a first reader has half of the chunks.
 *
 * @returns the time until the last of them has a first chunk and everything that the first reader
 *   had
 * @throws when a reader does not get each chunk once, in order
 */
export async function resumeAtHalf(contender: Contender, plan: ResumePlan): Promise<Resumed> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const resumed = await tryToResume(contender, plan);
    if (resumed) return resumed;
  }
  throw new Error(`${contender.name} was through before a reader came, ${triesMax} times.`);
}

/** @returns undefined when the stream ended before a reader connected */
async function tryToResume(
  contender: Contender,
  { count, isWarm, rate, readerCount }: ResumePlan,
): Promise<Resumed | undefined> {
  const streamId = await open(contender);
  const half = Math.floor(count / 2);
  const address = `${contender.readerOrigin}/read/${streamId}`;
  const atHalf = Promise.withResolvers<void>();
  let hasFirst = 0;
  const first = readChunks((await openTexts(address)).texts, (has) => {
    hasFirst = has;
    if (has >= half) atHalf.resolve();
  });
  const resumption = Promise.withResolvers<void>();
  const made = make(contender, streamId, { count, rate, half, until: resumption.promise });
  await atHalf.promise;
  // Remaining work for the first half is not part of resuming.
  if (rate !== Number.POSITIVE_INFINITY) await sleep(settleMs);

  const wanted = hasFirst;
  const startedAt = performance.now();
  const comers = await Promise.all(
    Array.from({ length: readerCount }, async () => {
      const { status, texts } = await openTexts(isWarm ? address : `${address}?cold`, {
        isFresh: !isWarm,
      });
      if (status !== 200) return undefined;
      const caughtUp = Promise.withResolvers<Resumed>();
      let firstChunkMs = 0;
      const reading = readChunks(texts, (has) => {
        firstChunkMs ||= performance.now() - startedAt;
        if (has >= wanted) {
          caughtUp.resolve({ firstChunkMs, caughtUpMs: performance.now() - startedAt });
        }
      });
      // A reader that connects after the end only waits for the end.
      const ended = reading.then(() => undefined);
      return { reading, resumed: await Promise.race([caughtUp.promise, ended]) };
    }),
  );
  resumption.resolve();
  await made;
  checkWhole(await first, count);
  const times: Resumed[] = [];
  for (const comer of comers) {
    if (!comer) return undefined;
    checkWhole(await comer.reading, count);
    if (!comer.resumed) return undefined;
    times.push(comer.resumed);
  }
  return {
    firstChunkMs: Math.max(...times.map(({ firstChunkMs }) => firstChunkMs)),
    caughtUpMs: Math.max(...times.map(({ caughtUpMs }) => caughtUpMs)),
  };
}

/**
 * Connects readers one after another when half of the chunks exist, and asks the server that serves
 * them how long each took, without the HTTP between reader and server. All of them read to the end.
 *
 * @returns mean in ms until a reader has everything that exists
 */
export async function resumeInside(
  contender: Contender,
  { count, rate, times, pauseMs }: Pick<ResumePlan, "count" | "rate"> & Repetition,
): Promise<number> {
  const streamId = await open(contender);
  const half = Math.floor(count / 2);
  const resumption = Promise.withResolvers<void>();
  const made = make(contender, streamId, { count, rate, half, until: resumption.promise });
  await sleep(untilHalfMs);
  const address = `${contender.readerOrigin}/resume/${streamId}?times=${times}&pauseMs=${pauseMs}`;
  const meanMs = (await (await fetch(address)).json()) as number;
  resumption.resolve();
  await made;
  return meanMs;
}

interface Making {
  readonly count: number;
  readonly rate: number;
  readonly half: number;
  /** The second half is created at the rate until this settles. */
  readonly until: Promise<void>;
}

function make(contender: Contender, streamId: string, { count, rate, half, until }: Making) {
  const slow = { fromIndex: half, rate, until };
  const { stream: chunks } = createSource({
    count,
    rate: Number.POSITIVE_INFINITY,
    ...(rate !== Number.POSITIVE_INFINITY && { slow }),
  });
  return feed(contender, streamId, chunks);
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Settles when the producer has fetched and streamed all chunks. */
export function feed(contender: Contender, streamId: string, chunks: AsyncIterable<string>) {
  const source = encodeURIComponent(serveTexts(chunks));
  return post(`${contender.producerOrigin}/feed/${streamId}?source=${source}`);
}

async function open(contender: Contender): Promise<string> {
  const streamId = crypto.randomUUID();
  await post(`${contender.producerOrigin}/open/${streamId}`);
  return streamId;
}
