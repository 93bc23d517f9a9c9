/** The chat object's table of turns: what survives the object's death. */
import type { FinalStatus, Outcome } from "./chunks.ts";

export type TurnRow = {
  streamId: string;
  userId: string;
  chatId: string;
  contentShard: number;
  userMessageId: string;
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
  /** The outbox: when to try to bring the end to D1 (next); null when there is nothing to bring. */
  deliverAt: number | null;
  deliveryAttempts: number;
};

export type NewTurn = Pick<
  TurnRow,
  | "streamId"
  | "userId"
  | "chatId"
  | "contentShard"
  | "userMessageId"
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
      userMessageId TEXT NOT NULL,
      assistantMessageId TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('starting', 'live', 'ended')),
      status TEXT,
      errorCode TEXT,
      inputTokens INTEGER,
      outputTokens INTEGER,
      startedAt INTEGER NOT NULL,
      finishedAt INTEGER,
      deliverAt INTEGER,
      deliveryAttempts INTEGER NOT NULL DEFAULT 0
    ) STRICT`);
    // One live turn for a chat: the database holds the line, whatever the code above does.
    sql.exec(`CREATE UNIQUE INDEX IF NOT EXISTS oneOpenTurn ON turns (chatId)
      WHERE state <> 'ended'`);
  }

  insert(turn: NewTurn): void {
    this.#sql.exec(
      `INSERT INTO turns (streamId, userId, chatId, contentShard, userMessageId,
         assistantMessageId, state, startedAt)
       VALUES (?, ?, ?, ?, ?, ?, 'starting', ?)`,
      turn.streamId,
      turn.userId,
      turn.chatId,
      turn.contentShard,
      turn.userMessageId,
      turn.assistantMessageId,
      turn.startedAt,
    );
  }

  get(streamId: string): TurnRow | undefined {
    return this.#all("WHERE streamId = ?", streamId)[0];
  }

  /** Turns that have not ended; more than none only while one is under way or after a crash. */
  listOpen(): TurnRow[] {
    return this.#all("WHERE state <> 'ended'");
  }

  /** Ended turns whose end has not reached D1, the most urgent first. */
  listUndelivered(): TurnRow[] {
    return this.#all("WHERE state = 'ended' AND deliverAt IS NOT NULL ORDER BY deliverAt");
  }

  /** Ended and delivered turns that ended before `time`. */
  listDoneBefore(time: number): TurnRow[] {
    return this.#all("WHERE state = 'ended' AND deliverAt IS NULL AND finishedAt < ?", time);
  }

  /** When the oldest delivered turn ended; null when none is kept. */
  oldestDoneAt(): number | null {
    return (
      this.#sql
        .exec<{ at: number | null }>(
          "SELECT min(finishedAt) AS at FROM turns WHERE state = 'ended' AND deliverAt IS NULL",
        )
        .one().at ?? null
    );
  }

  setLive(streamId: string): void {
    this.#sql.exec(
      "UPDATE turns SET state = 'live' WHERE streamId = ? AND state = 'starting'",
      streamId,
    );
  }

  /** Ends a turn and puts its end into the outbox. */
  setEnded(streamId: string, outcome: Outcome, finishedAt: number): void {
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
      streamId,
    );
  }

  setDelivered(streamId: string): void {
    this.#sql.exec("UPDATE turns SET deliverAt = NULL WHERE streamId = ?", streamId);
  }

  deferDelivery(streamId: string, deliverAt: number): void {
    this.#sql.exec(
      `UPDATE turns SET deliverAt = ?, deliveryAttempts = deliveryAttempts + 1 WHERE streamId = ?`,
      deliverAt,
      streamId,
    );
  }

  delete(streamId: string): void {
    this.#sql.exec("DELETE FROM turns WHERE streamId = ?", streamId);
  }

  #all(clause: string, ...bindings: (string | number)[]): TurnRow[] {
    return this.#sql.exec<TurnRow>(`SELECT * FROM turns ${clause}`, ...bindings).toArray();
  }
}
