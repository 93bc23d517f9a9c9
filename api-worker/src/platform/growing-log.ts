/**
 * Appends one stream's items to a log in few rows: the last row grows until it is full. An append
 * is one row written either way, which is what it costs; but each row costs one more to delete.
 */
import type { Block, BlockLog } from "./block-log.ts";

/**
 * Characters of a row that grows. Each append writes the whole row again, so a longer one would cost
 * time; a shorter one would be more rows.
 */
export const growingRowLength = 8_000;

export class GrowingLog {
  readonly #log: BlockLog;
  readonly #streamId: string;
  /** The block that grows; null when the next append begins one. */
  #last: Block | null = null;

  constructor(log: BlockLog, streamId: string) {
    this.#log = log;
    this.#streamId = streamId;
  }

  /**
   * Appends items, all or none.
   *
   * @param firstSeq number of the first item, which is the number of items in the stream so far
   * @param items JSON texts, at least one
   * @returns these items alone
   */
  append(firstSeq: number, items: readonly string[]): Block {
    const body = `[${items.join(",")}]`;
    const last = this.#last;
    const fits = last !== null && last.items.length + body.length <= growingRowLength;
    this.#last = fits
      ? this.#log.grow(this.#streamId, last, items)
      : this.#log.append(this.#streamId, firstSeq, items);
    return { firstSeq, lastSeq: firstSeq + items.length - 1, items: body };
  }

  /**
   * Like {@link append}, but in a block of their own, which {@link BlockLog.read} returns as such.
   * What was appended may be undone with the transaction that this is called in.
   */
  appendBlock(firstSeq: number, items: readonly string[]): Block {
    this.#last = null;
    return this.#log.append(this.#streamId, firstSeq, items);
  }
}
