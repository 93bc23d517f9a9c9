/**
 * An append-only log in a Durable Object's SQLite, in blocks: one row each, whatever its size. A
 * stream has either JSON items or bytes; both are numbered densely from 0. Used for the chunks of
 * answers and by open streams; it does not interpret the content.
 */
import { concatBytes } from "./bytes.ts";

/** A run of JSON items. */
export interface Block {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** JSON text of an array with `lastSeq - firstSeq + 1` items. */
  readonly items: string;
}

/** A run of bytes. */
export interface ByteRun {
  /** Number of the first byte. */
  readonly firstSeq: number;
  /** Number of the last byte; `firstSeq - 1` for an empty run. */
  readonly lastSeq: number;
  readonly bytes: Uint8Array;
}

type BlockPart = { firstSeq: number; lastSeq: number; body: string };

type ByteBlock = { firstSeq: number; lastSeq: number; body: ArrayBuffer };

/** A SQLite value in a Durable Object ends at 2 MB; UTF-8 takes at most three bytes a UTF-16 unit. */
const partMaxLength = 500_000;
const byteBlockMaxLength = 1_500_000;
/** The cost of a further row in a read, in bytes, so that many small rows end a page too. */
export const rowCostBytes = 64;

export class BlockLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    // The body is JSON text or bytes. In objects from before bytes were added the column is TEXT,
    // and they have no bytes. WITHOUT ROWID: one row written for a block, without an index entry.
    sql.exec(`CREATE TABLE IF NOT EXISTS blocks (
      streamId TEXT NOT NULL,
      firstSeq INTEGER NOT NULL,
      part INTEGER NOT NULL,
      lastSeq INTEGER NOT NULL,
      body ANY NOT NULL,
      PRIMARY KEY (streamId, firstSeq, part)
    ) STRICT, WITHOUT ROWID`);
  }

  /**
   * Appends one block. A block that is too long for a row is split into several, never cut.
   *
   * @param firstSeq number of the first item, which is the number of items in the stream so far
   * @param items JSON texts, at least one
   */
  append(streamId: string, firstSeq: number, items: readonly string[]): Block {
    const body = `[${items.join(",")}]`;
    const lastSeq = firstSeq + items.length - 1;
    for (let part = 0, from = 0; from < body.length; part++) {
      const until = endOfPart(body, from + partMaxLength);
      this.#sql.exec(
        "INSERT INTO blocks (streamId, firstSeq, part, lastSeq, body) VALUES (?, ?, ?, ?, ?)",
        streamId,
        firstSeq,
        part,
        lastSeq,
        body.slice(from, until),
      );
      from = until;
    }
    return { firstSeq, lastSeq, items: body };
  }

  /**
   * Appends items to the last block of a stream, in the same row. One row written, as by
   * {@link append}, but none more to delete.
   *
   * @param last the last block, as this method or {@link append} returned it; in one row
   * @param items JSON texts, at least one
   * @returns the block with the items
   */
  grow(streamId: string, last: Block, items: readonly string[]): Block {
    const body = `${last.items.slice(0, -1)},${items.join(",")}]`;
    const lastSeq = last.lastSeq + items.length;
    this.#sql.exec(
      "UPDATE blocks SET lastSeq = ?, body = ? WHERE streamId = ? AND firstSeq = ? AND part = 0",
      lastSeq,
      body,
      streamId,
      last.firstSeq,
    );
    return { firstSeq: last.firstSeq, lastSeq, items: body };
  }

  /**
   * Reads blocks in order, starting with the block of the item after `afterSeq`. The blocks are
   * whole, but for the last one, if it has grown past `untilSeq`.
   *
   * @param afterSeq last item that the reader has; -1 for none
   * @param untilSeq last item that may be shown, for example the last durable one
   * @param maxLength stops after about this many characters, but not before one block
   * @param rowCost cost of a further row against `maxLength`, where rows may be very small
   */
  read(
    streamId: string,
    afterSeq: number,
    untilSeq: number,
    maxLength: number,
    rowCost = 0,
  ): Block[] {
    if (afterSeq >= untilSeq) return [];
    const rows = this.#sql.exec<BlockPart>(
      `SELECT firstSeq, lastSeq, body FROM blocks
       WHERE streamId = ?1 AND firstSeq >= coalesce(
         (SELECT max(firstSeq) FROM blocks WHERE streamId = ?1 AND firstSeq <= ?2), 0)
       ORDER BY firstSeq, part`,
      streamId,
      afterSeq + 1,
    );
    const blocks: Block[] = [];
    let length = 0;
    for (const row of rows) {
      if (row.lastSeq <= afterSeq) continue;
      if (row.firstSeq > untilSeq) break;
      const previous = blocks.at(-1);
      const isContinued = previous?.firstSeq === row.firstSeq;
      if (!isContinued && length >= maxLength) break;
      if (isContinued && previous) {
        blocks[blocks.length - 1] = { ...previous, items: previous.items + row.body };
      } else {
        blocks.push({ firstSeq: row.firstSeq, lastSeq: row.lastSeq, items: row.body });
      }
      length += row.body.length + rowCost;
    }
    const last = blocks.at(-1);
    if (last && last.lastSeq > untilSeq) blocks[blocks.length - 1] = cutBlock(last, untilSeq);
    return blocks;
  }

  /**
   * Appends bytes, in several blocks when one row could not hold them.
   *
   * @param firstSeq number of the first byte, which is the number of bytes in the stream so far
   */
  appendBytes(streamId: string, firstSeq: number, bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += byteBlockMaxLength) {
      const body = bytes.slice(from, from + byteBlockMaxLength);
      this.#sql.exec(
        "INSERT INTO blocks (streamId, firstSeq, part, lastSeq, body) VALUES (?, ?, 0, ?, ?)",
        streamId,
        firstSeq + from,
        firstSeq + from + body.length - 1,
        body.buffer,
      );
    }
  }

  /**
   * Reads bytes from a position on, as one run.
   *
   * @param fromSeq first byte to read
   * @param untilSeq last byte that may be shown, for example the last durable one
   * @param maxLength never more bytes than this; fewer when they came in very small appends
   */
  readBytes(streamId: string, fromSeq: number, untilSeq: number, maxLength: number): ByteRun {
    const rows = this.#sql.exec<ByteBlock>(
      `SELECT firstSeq, lastSeq, body FROM blocks
       WHERE streamId = ?1 AND firstSeq >= coalesce(
         (SELECT max(firstSeq) FROM blocks WHERE streamId = ?1 AND firstSeq <= ?2), 0)
       ORDER BY firstSeq`,
      streamId,
      fromSeq,
    );
    const pieces: Uint8Array[] = [];
    let nextSeq = fromSeq;
    let cost = 0;
    for (const row of rows) {
      if (row.firstSeq > untilSeq || cost >= maxLength) break;
      const room = Math.min(maxLength - (nextSeq - fromSeq), untilSeq + 1 - nextSeq);
      const piece = new Uint8Array(row.body).subarray(nextSeq - row.firstSeq).subarray(0, room);
      pieces.push(piece);
      nextSeq += piece.length;
      cost += piece.length + rowCostBytes;
    }
    return {
      firstSeq: fromSeq,
      lastSeq: nextSeq - 1,
      bytes: concatBytes(pieces, nextSeq - fromSeq),
    };
  }

  /** Number of the last item or byte; -1 for a stream without any. */
  lastSeq(streamId: string): number {
    const { lastSeq } = this.#sql
      .exec<{ lastSeq: number | null }>(
        "SELECT lastSeq FROM blocks WHERE streamId = ? ORDER BY firstSeq DESC LIMIT 1",
        streamId,
      )
      .toArray()[0] ?? { lastSeq: null };
    return lastSeq ?? -1;
  }

  delete(streamId: string): void {
    this.#sql.exec("DELETE FROM blocks WHERE streamId = ?", streamId);
  }
}

/** The block up to an item. */
function cutBlock({ firstSeq, items }: Block, lastSeq: number): Block {
  const kept = (JSON.parse(items) as unknown[]).slice(0, lastSeq + 1 - firstSeq);
  return { firstSeq, lastSeq, items: JSON.stringify(kept) };
}

/**
 * The same end, or one unit earlier: SQLite stores UTF-8, which cannot hold half of a surrogate
 * pair.
 */
function endOfPart(text: string, end: number): number {
  const isInPair = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return isInPair ? end - 1 : end;
}
