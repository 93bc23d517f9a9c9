import { type Chunk, mergeDeltas, shownBytes } from "../../turn/chunks.ts";

/** A longer answer is read from the log: what is kept for a live one stays small. */
const maxBytes = 64 * 1024;
const chunksMax = 200;

/**
 * A live answer as a reader from its beginning gets it, merged as it grows: who comes to an answer
 * of ordinary length needs neither the disk nor the parsing of what is on it. Knows only what it is
 * given, which is what is durable.
 */
export class Replay {
  #chunks: readonly Chunk[] | null = [];
  #bytes = 0;
  /** Of the chunks as they are; made for the first reader. */
  #text: string | null = null;

  /** All so far as JSON text of an array; null when the answer has become too long for this. */
  get text(): string | null {
    if (this.#chunks) this.#text ??= JSON.stringify(this.#chunks);
    return this.#text;
  }

  /** @param chunks the next ones, in order */
  add(chunks: readonly Chunk[]): void {
    if (!this.#chunks) return;
    for (const chunk of chunks) this.#bytes += shownBytes(chunk);
    const merged = mergeDeltas([...this.#chunks, ...chunks]);
    const isTooLong = this.#bytes > maxBytes || merged.length > chunksMax;
    this.#chunks = isTooLong ? null : merged;
    this.#text = null;
  }
}
