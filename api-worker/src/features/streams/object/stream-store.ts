/** The tables of an open stream's object: the state that survives a restart of the object. */

import { BlockLog } from "../../../platform/block-log.ts";
import { hasTable } from "../../../platform/has-table.ts";
import type { ProducerClaim, StreamConfig, StreamPlace } from "../stream-protocol.ts";

export type StreamRow = StreamPlace &
  StreamConfig & {
    streamId: string;
    /**
     * `creating`: not yet in the owner's list. `live`: open to readers and writers. `ended`: the
     * content is deleted, and the entry in the owner's list still has to go.
     */
    state: "creating" | "live" | "ended";
    /** Time of the last read or write, in epoch milliseconds. */
    accessedAt: number;
    nextOffset: number;
    contentBytes: number;
    isClosed: 0 | 1;
    /** The producer's append that closed the stream; null when no producer closed it. */
    closedBy: string | null;
    lastStreamSeq: string | null;
    /** Failed attempts to remove the stream from the owner's list. */
    attempts: number;
  };

export type ProducerRow = { id: string; epoch: number; lastSeq: number };

export class StreamStore {
  readonly #storage: DurableObjectStorage;
  #log: BlockLog | null = null;

  /** Writes nothing, so that a request for a stream that does not exist leaves no trace. */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    if (hasTable(storage.sql, "stream")) this.#log = new BlockLog(storage.sql);
  }

  /** The stream's content. @throws when no stream was ever inserted */
  get log(): BlockLog {
    if (!this.#log) throw new Error("This object holds no stream.");
    return this.#log;
  }

  get(): StreamRow | undefined {
    if (!this.#log) return undefined;
    return this.#storage.sql.exec<StreamRow>("SELECT * FROM stream").toArray()[0];
  }

  /** Starts a stream and replaces any previous one. */
  insert(row: StreamRow): void {
    const { sql } = this.#storage;
    this.#log ??= new BlockLog(sql);
    sql.exec(`CREATE TABLE IF NOT EXISTS stream (
      streamId TEXT PRIMARY KEY,
      userId TEXT NOT NULL,
      path TEXT NOT NULL,
      contentShard INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('creating', 'live', 'ended')),
      contentType TEXT NOT NULL,
      ttlSeconds INTEGER,
      expiresAt INTEGER,
      accessedAt INTEGER NOT NULL,
      nextOffset INTEGER NOT NULL,
      contentBytes INTEGER NOT NULL,
      isClosed INTEGER NOT NULL,
      closedBy TEXT,
      lastStreamSeq TEXT,
      attempts INTEGER NOT NULL
    ) STRICT`);
    sql.exec(`CREATE TABLE IF NOT EXISTS producers (
      id TEXT PRIMARY KEY,
      epoch INTEGER NOT NULL,
      lastSeq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    sql.exec("DELETE FROM stream");
    sql.exec(
      `INSERT INTO stream (streamId, userId, path, contentShard, state, contentType, ttlSeconds,
         expiresAt, accessedAt, nextOffset, contentBytes, isClosed, closedBy, lastStreamSeq, attempts)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.streamId,
      row.userId,
      row.path,
      row.contentShard,
      row.state,
      row.contentType,
      row.ttlSeconds,
      row.expiresAt,
      row.accessedAt,
      row.nextOffset,
      row.contentBytes,
      row.isClosed,
      row.closedBy,
      row.lastStreamSeq,
      row.attempts,
    );
  }

  update(row: StreamRow): void {
    this.#storage.sql.exec(
      `UPDATE stream SET state = ?, accessedAt = ?, nextOffset = ?, contentBytes = ?, isClosed = ?,
         closedBy = ?, lastStreamSeq = ?, attempts = ?`,
      row.state,
      row.accessedAt,
      row.nextOffset,
      row.contentBytes,
      row.isClosed,
      row.closedBy,
      row.lastStreamSeq,
      row.attempts,
    );
  }

  getProducer(id: string): ProducerRow | undefined {
    const query = "SELECT * FROM producers WHERE id = ?";
    return this.#storage.sql.exec<ProducerRow>(query, id).toArray()[0];
  }

  countProducers(): number {
    return this.#storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM producers").one().n;
  }

  setProducer({ id, epoch, seq }: ProducerClaim): void {
    this.#storage.sql.exec(
      `INSERT INTO producers (id, epoch, lastSeq) VALUES (?1, ?2, ?3)
       ON CONFLICT (id) DO UPDATE SET epoch = ?2, lastSeq = ?3`,
      id,
      epoch,
      seq,
    );
  }

  deleteContent(streamId: string): void {
    this.log.delete(streamId);
    this.#storage.sql.exec("DELETE FROM producers");
  }

  /** Deletes everything, the tables included. */
  async deleteAll(): Promise<void> {
    this.#log = null;
    await this.#storage.deleteAll();
  }
}
