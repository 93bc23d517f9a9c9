/** The chunks that both sides stream: the same texts. */

/** A chunk as both sides carry it: the AI SDK's text delta, as JSON. `index` is in it. */
export function chunkText(index: number): string {
  return JSON.stringify({ type: "text-delta", id: "0", delta: `${String(index).padStart(7)} ` });
}

/** The text in a chunk. */
export function deltaOf(chunk: string): string {
  return (JSON.parse(chunk) as { delta: string }).delta;
}

/** Works for joined deltas too. */
const indexPattern = /(?<=[" ]|^)(\d+)(?= )/g;

/** The indexes of the chunks in a text, in order. */
export function indexesIn(text: string): number[] {
  return Array.from(text.matchAll(indexPattern), ([, index]) => Number(index));
}

/** The chunks, created as they are read. */
export interface Source {
  readonly stream: AsyncIterable<string>;
  /** `performance.now()` at each chunk's creation, by its index. */
  readonly madeAt: readonly number[];
}

export interface SourcePlan {
  readonly count: number;
  /** Chunks a second; Infinity for as fast as they are read. */
  readonly rate: number;
  /** From this chunk on another rate applies, until a promise settles. */
  readonly slow?: {
    readonly fromIndex: number;
    readonly rate: number;
    readonly until: Promise<void>;
  };
}

export function createSource({ count, rate, slow }: SourcePlan): Source {
  const madeAt: number[] = [];
  let isSlow = slow !== undefined;
  void slow?.until.then(() => {
    isSlow = false;
  });
  async function* make() {
    const startedAt = performance.now();
    let slowSince = 0;
    for (let index = 0; index < count; index += 1) {
      if (slow && isSlow && index >= slow.fromIndex) {
        slowSince ||= performance.now();
        const due = slowSince + ((index - slow.fromIndex) * 1_000) / slow.rate;
        await Promise.race([sleepUntil(due), slow.until]);
      } else if (rate !== Number.POSITIVE_INFINITY) {
        await sleepUntil(startedAt + (index * 1_000) / rate);
      }
      madeAt.push(performance.now());
      yield chunkText(index);
    }
  }
  return { stream: make(), madeAt };
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}

/** The reader's record: which chunks arrived, and when. */
export interface Reading {
  readonly indexes: number[];
  /** `performance.now()` of each chunk's arrival, in order. */
  readonly arrivedAt: number[];
}

/**
 * Reads texts to their end.
 *
 * @param onCount called with the number of chunks received so far
 */
export async function readChunks(
  texts: AsyncIterable<string>,
  onCount?: (count: number) => void,
): Promise<Reading> {
  const reading: Reading = { indexes: [], arrivedAt: [] };
  for await (const text of texts) {
    const now = performance.now();
    for (const index of indexesIn(text)) {
      reading.indexes.push(index);
      reading.arrivedAt.push(now);
    }
    onCount?.(reading.indexes.length);
  }
  return reading;
}

/** @throws when a chunk is missing, duplicated, or out of order */
export function checkWhole({ indexes }: Reading, count: number): void {
  const wrong = indexes.findIndex((index, position) => index !== position);
  if (indexes.length !== count || wrong !== -1) {
    throw new Error(`A reader got ${indexes.length} of ${count} chunks, wrong from ${wrong} on.`);
  }
}
