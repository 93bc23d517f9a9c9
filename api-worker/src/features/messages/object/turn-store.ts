/** The chat object's table of turns: what survives the object's death. */
import type { FinalStatus, Outcome } from "../turn/chunks.ts";

export type TurnRow = {
  turnId: string;
  userId: string;
  chatId: string;
  contentShard: number;
  /** The message whose sending, or continuing, started the turn. */
  requestMessageId: string;
  assistantMessageId: string;
  /**
   * `starting`: D1 has not confirmed the messages yet. `live`: an answer is being made.
   * `ended`: the terminal chunk is in the log.
   */
  state: "starting" | "live" | "ended";
  status: FinalStatus | null;
  errorCode: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  startedAt: number;
  finishedAt: number | null;
  /** The outbox: when to bring the end to D1 and the archive (again); null when both have it. */
  deliverAt: number | null;
  deliveryAttempts: number;
  /** Whether D1 has the message's end. */
  isStored: 0 | 1;
  /** Where the archive has the log; null when it has not. */
  archivedIn: ArchivePlace | null;
  /** When there was nothing left to deliver. The log stays for a grace after that. */
  doneAt: number | null;
  /** How often D1 has refused the end for good. */
  refusals: number;
  /** Since when the end is out of the outbox because D1 refuses it, and why; null when it is not. */
  parkedAt: number | null;
  parkedReason: string | null;
};

export const archivePlaces = ["kv", "r2"] as const;
export type ArchivePlace = (typeof archivePlaces)[number];

export type NewTurn = Pick<
  TurnRow,
  | "turnId"
  | "userId"
  | "chatId"
  | "contentShard"
  | "requestMessageId"
  | "assistantMessageId"
  | "startedAt"
>;

export class TurnStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS turns (
      streamId TEXT PRIMARY KEY,
      userId TEXT NOT NULL,
      chatId TEXT NOT NULL,
      contentShard INTEGER NOT NULL,
      requestMessageId TEXT NOT NULL,
      assistantMessageId TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('starting', 'live', 'ended')),
      status TEXT,
      errorCode TEXT,
      inputTokens INTEGER,
      outputTokens INTEGER,
      startedAt INTEGER NOT NULL,
      finishedAt INTEGER,
      deliverAt INTEGER,
      deliveryAttempts INTEGER NOT NULL DEFAULT 0,
      isStored INTEGER NOT NULL DEFAULT 0,
      archivedIn TEXT,
      doneAt INTEGER,
      refusals INTEGER NOT NULL DEFAULT 0,
      parkedAt INTEGER,
      parkedReason TEXT
    ) STRICT`);
    upgrade(sql);
    // One live turn for a chat: the database holds the line, whatever the code above does.
    sql.exec(`CREATE UNIQUE INDEX IF NOT EXISTS oneOpenTurn ON turns (chatId)
      WHERE state <> 'ended'`);
  }

  insert(turn: NewTurn): void {
    this.#sql.exec(
      `INSERT INTO turns (streamId, userId, chatId, contentShard, requestMessageId,
         assistantMessageId, state, startedAt)
       VALUES (?, ?, ?, ?, ?, ?, 'starting', ?)`,
      turn.turnId,
      turn.userId,
      turn.chatId,
      turn.contentShard,
      turn.requestMessageId,
      turn.assistantMessageId,
      turn.startedAt,
    );
  }

  get(turnId: string): TurnRow | undefined {
    return this.#all("WHERE streamId = ?", turnId)[0];
  }

  /** Turns that have not ended; more than none only while one is under way or after a crash. */
  listOpen(): TurnRow[] {
    return this.#all("WHERE state <> 'ended'");
  }

  /** Ended turns whose end has not reached everyone, the most urgent first. */
  listUndelivered(): TurnRow[] {
    return this.#all("WHERE state = 'ended' AND deliverAt IS NOT NULL ORDER BY deliverAt");
  }

  /** Ended turns that were delivered to everyone before `time`. */
  listDoneBefore(time: number): TurnRow[] {
    return this.#all("WHERE deliverAt IS NULL AND doneAt < ?", time);
  }

  /** Every turn that is kept. */
  listAll(): TurnRow[] {
    return this.#all("");
  }

  /** When the oldest turn that is kept was delivered; null when none is. */
  oldestDoneAt(): number | null {
    const query = "SELECT min(doneAt) AS at FROM turns WHERE deliverAt IS NULL";
    return this.#sql.exec<{ at: number | null }>(query).one().at ?? null;
  }

  setLive(turnId: string): void {
    this.#sql.exec(
      "UPDATE turns SET state = 'live' WHERE streamId = ? AND state = 'starting'",
      turnId,
    );
  }

  /** Ends a turn and puts its end into the outbox. */
  setEnded(turnId: string, outcome: Outcome, finishedAt: number): void {
    this.#sql.exec(
      `UPDATE turns SET state = 'ended', status = ?, errorCode = ?, inputTokens = ?,
         outputTokens = ?, finishedAt = ?, deliverAt = ?
       WHERE streamId = ? AND state <> 'ended'`,
      outcome.status,
      outcome.errorCode ?? null,
      outcome.inputTokens ?? null,
      outcome.outputTokens ?? null,
      finishedAt,
      finishedAt,
      turnId,
    );
  }

  setStored(turnId: string): void {
    this.#sql.exec("UPDATE turns SET isStored = 1 WHERE streamId = ?", turnId);
  }

  setArchived(turnId: string, place: ArchivePlace): void {
    this.#sql.exec("UPDATE turns SET archivedIn = ? WHERE streamId = ?", place, turnId);
  }

  /** Takes a turn out of the outbox. */
  setDone(turnId: string, doneAt: number): void {
    this.#sql.exec(
      "UPDATE turns SET deliverAt = NULL, doneAt = ? WHERE streamId = ?",
      doneAt,
      turnId,
    );
  }

  /** Puts a delivery off. What is parked meanwhile stays so. */
  deferDelivery(turnId: string, deliverAt: number): void {
    this.#sql.exec(
      `UPDATE turns SET deliverAt = ?, deliveryAttempts = deliveryAttempts + 1
       WHERE streamId = ? AND parkedAt IS NULL`,
      deliverAt,
      turnId,
    );
  }

  /** Notes that D1 has refused a turn's end for good. @returns how often that was */
  countRefusal(turnId: string): number {
    const query = "UPDATE turns SET refusals = refusals + 1 WHERE streamId = ? RETURNING refusals";
    return this.#sql.exec<{ refusals: number }>(query, turnId).one().refusals;
  }

  /** Takes a turn out of the outbox that was not delivered; its log stays. */
  park(turnId: string, parkedAt: number, reason: string): void {
    this.#sql.exec(
      "UPDATE turns SET deliverAt = NULL, parkedAt = ?, parkedReason = ? WHERE streamId = ?",
      parkedAt,
      reason,
      turnId,
    );
  }

  /**
   * Puts a parked turn back into the outbox.
   *
   * @param refusals as many as it is to have from now on
   * @returns false when it is not parked
   */
  unpark(turnId: string, deliverAt: number, refusals: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      `UPDATE turns SET deliverAt = ?, refusals = ?, parkedAt = NULL, parkedReason = NULL
       WHERE streamId = ? AND parkedAt IS NOT NULL`,
      deliverAt,
      refusals,
      turnId,
    );
    return rowsWritten > 0;
  }

  /** The parked turns, the oldest first. */
  listParked(): TurnRow[] {
    return this.#all("WHERE parkedAt IS NOT NULL ORDER BY parkedAt, streamId");
  }

  delete(turnId: string): void {
    this.#sql.exec("DELETE FROM turns WHERE streamId = ?", turnId);
  }

  #all(clause: string, ...bindings: (string | number)[]): TurnRow[] {
    // The column is older than the word.
    const query = `SELECT *, streamId AS turnId FROM turns ${clause}`;
    return this.#sql.exec<TurnRow>(query, ...bindings).toArray();
  }
}

/** Brings the table of an object that is older than a column up to date. */
function upgrade(sql: SqlStorage): void {
  const columns = sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('turns')");
  const names = new Set([...columns].map(({ name }) => name));
  if (!names.has("doneAt")) addDelivery(sql);
  if (!names.has("parkedAt")) addParking(sql);
}

function addDelivery(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns RENAME COLUMN userMessageId TO requestMessageId");
  sql.exec("ALTER TABLE turns ADD COLUMN isStored INTEGER NOT NULL DEFAULT 0");
  sql.exec("ALTER TABLE turns ADD COLUMN archivedIn TEXT");
  sql.exec("ALTER TABLE turns ADD COLUMN doneAt INTEGER");
  // Delivered to D1 already; the archive is still to come.
  sql.exec(`UPDATE turns SET isStored = 1, deliverAt = finishedAt
    WHERE state = 'ended' AND deliverAt IS NULL`);
}

function addParking(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0");
  sql.exec("ALTER TABLE turns ADD COLUMN parkedAt INTEGER");
  sql.exec("ALTER TABLE turns ADD COLUMN parkedReason TEXT");
}
