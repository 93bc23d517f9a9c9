/**
 * An append-only log of JSON items in a Durable Object's SQLite, in blocks: one flush is one
 * row, however many items it holds. Items are numbered densely from 0 in each stream. Used by the
 * chat object for the chunks of its answers; it knows nothing of what the items mean.
 */

/** A run of items that were appended together. */
export interface Block {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** JSON text of an array with `lastSeq - firstSeq + 1` items. */
  readonly items: string;
}

type BlockPart = { firstSeq: number; lastSeq: number; body: string };

/** A SQLite value in a Durable Object ends at 2 MB; UTF-8 takes at most three bytes a UTF-16 unit. */
const partMaxLength = 500_000;

export class BlockLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    // WITHOUT ROWID: a block is then one row written, not a row and an index entry.
    sql.exec(`CREATE TABLE IF NOT EXISTS blocks (
      streamId TEXT NOT NULL,
      firstSeq INTEGER NOT NULL,
      part INTEGER NOT NULL,
      lastSeq INTEGER NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (streamId, firstSeq, part)
    ) STRICT, WITHOUT ROWID`);
  }

  /**
   * Appends one block. A block that is too long for one row is split into several, never cut.
   *
   * @param firstSeq number of the first item: the number of items that the stream has so far
   * @param items JSON texts, at least one
   */
  append(streamId: string, firstSeq: number, items: readonly string[]): Block {
    const body = `[${items.join(",")}]`;
    const lastSeq = firstSeq + items.length - 1;
    for (let part = 0; part * partMaxLength < body.length; part++) {
      this.#sql.exec(
        "INSERT INTO blocks (streamId, firstSeq, part, lastSeq, body) VALUES (?, ?, ?, ?, ?)",
        streamId,
        firstSeq,
        part,
        lastSeq,
        body.slice(part * partMaxLength, (part + 1) * partMaxLength),
      );
    }
    return { firstSeq, lastSeq, items: body };
  }

  /**
   * Reads whole blocks in order, starting with the one that holds the item after `afterSeq`.
   *
   * @param afterSeq last item that the reader has; -1 for none
   * @param untilSeq last item that may be shown, for example the last durable one
   * @param maxLength stop after about this many characters, but never before one block
   */
  read(streamId: string, afterSeq: number, untilSeq: number, maxLength: number): Block[] {
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
      if (row.lastSeq > untilSeq) break;
      const previous = blocks.at(-1);
      const isContinued = previous?.firstSeq === row.firstSeq;
      if (!isContinued && length >= maxLength) break;
      if (isContinued && previous) {
        blocks[blocks.length - 1] = { ...previous, items: previous.items + row.body };
      } else {
        blocks.push({ firstSeq: row.firstSeq, lastSeq: row.lastSeq, items: row.body });
      }
      length += row.body.length;
    }
    return blocks;
  }

  /** Number of the last item; -1 for a stream without any. */
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
