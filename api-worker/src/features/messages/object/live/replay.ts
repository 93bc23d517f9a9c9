import { type Chunk, mergeDeltas, shownBytes } from "../../turn/chunks.ts";

/** A longer answer is read from the log, so that little of a live one is in memory. */
const maxBytes = 64 * 1024;
const chunksMax = 200;

/**
 * A live answer from its beginning, with deltas merged as it grows. Readers that join an answer of
 * ordinary length need neither the disk nor JSON parsing. Contains only durable chunks, because
 * only those are added.
 */
export class Replay {
  #chunks: readonly Chunk[] | null = [];
  #bytes = 0;
  /** JSON of the chunks so far; made when a reader needs it. */
  #text: string | null = null;

  /**
   * The chunks so far as the JSON text of an array; null when the answer is too long for a replay.
   */
  get text(): string | null {
    if (this.#chunks) this.#text ??= JSON.stringify(this.#chunks);
    return this.#text;
  }

  /** @param chunks the next chunks, in order */
  add(chunks: readonly Chunk[]): void {
    if (!this.#chunks) return;
    for (const chunk of chunks) this.#bytes += shownBytes(chunk);
    const merged = mergeDeltas([...this.#chunks, ...chunks]);
    const isTooLong = this.#bytes > maxBytes || merged.length > chunksMax;
    this.#chunks = isTooLong ? null : merged;
    this.#text = null;
  }
}
