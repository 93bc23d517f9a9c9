/** The chat object's table of turns: the state that survives the object's death. */
import type { ModelPrice } from "../../../contracts/model-settings.ts";
import type { FinalStatus, Outcome } from "../turn/chunks.ts";
import type { Tokens } from "./prepare/estimate-tokens.ts";

export type TurnRow = {
  turnId: string;
  userId: string;
  chatId: string;
  contentShard: number;
  /**
   * The message that the request named: a new question, or the message to continue or answer again.
   */
  requestMessageId: string;
  assistantMessageId: string;
  /** Identifies the request: equal when it is repeated. null in turns of an earlier version. */
  wish: string | null;
  /** The address that a guest's turn counts against, as limits know it. Kept until the turn ends. */
  guestAddress: string | null;
  /**
   * `starting`: D1 has not confirmed the messages yet. `live`: the answer is being generated.
   * `ended`: the terminal chunk is in the log.
   */
  state: "starting" | "live" | "ended";
  status: FinalStatus | null;
  errorCode: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  startedAt: number;
  finishedAt: number | null;
  /** The outbox: when to deliver the end to D1 and the archive next; null when both have it. */
  deliverAt: number | null;
  deliveryAttempts: number;
  /** Whether D1 has the answer's end. */
  isStored: 0 | 1;
  /** Where the log is archived; null when it is not yet. */
  archivedIn: ArchivePlace | null;
  /** When the last delivery was made. The log stays for a grace period after that. */
  doneAt: number | null;
  /** How often D1 has refused the end for good. */
  refusals: number;
  /**
   * When the end was taken out of the outbox because D1 refuses it, and why; null when it was not.
   */
  parkedAt: number | null;
  parkedReason: string | null;
  /** Whether it counts against the budget of the site, which is told its end. */
  isBudgeted: 0 | 1;
  /**
   * The price of a token of input and of output in nano-dollars, at its beginning or its last restart;
   * null when none was known, and until the turn is live.
   */
  inputNanos: number | null;
  outputNanos: number | null;
  /** An estimate, for a turn that the provider counts nothing for. */
  expectedInputTokens: number | null;
  /**
   * An estimate of what it has used beside `inputTokens` and `outputTokens`, because the provider has
   * not counted it; null until the end, and when the object has died before it.
   */
  uncountedInputTokens: number | null;
  uncountedOutputTokens: number | null;
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
  | "wish"
  | "guestAddress"
  | "isBudgeted"
  | "startedAt"
>;

/** What a turn's cost is computed from. */
export interface TurnPricing {
  readonly price: ModelPrice;
  /** An estimate, for a turn that the provider counts nothing for. */
  readonly inputTokens: number;
}

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
      parkedReason TEXT,
      wish TEXT,
      guestAddress TEXT,
      isBudgeted INTEGER NOT NULL DEFAULT 0,
      inputNanos INTEGER,
      outputNanos INTEGER,
      expectedInputTokens INTEGER,
      uncountedInputTokens INTEGER,
      uncountedOutputTokens INTEGER
    ) STRICT`);
    upgrade(sql);
    // At most one open turn per chat. The database enforces this, whatever the code does.
    sql.exec(`CREATE UNIQUE INDEX IF NOT EXISTS oneOpenTurn ON turns (chatId)
      WHERE state <> 'ended'`);
  }

  insert(turn: NewTurn): void {
    this.#sql.exec(
      `INSERT INTO turns (streamId, userId, chatId, contentShard, requestMessageId,
         assistantMessageId, wish, guestAddress, isBudgeted, state, startedAt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'starting', ?)`,
      turn.turnId,
      turn.userId,
      turn.chatId,
      turn.contentShard,
      turn.requestMessageId,
      turn.assistantMessageId,
      turn.wish,
      turn.guestAddress,
      turn.isBudgeted,
      turn.startedAt,
    );
  }

  get(turnId: string): TurnRow | undefined {
    return this.#all("WHERE streamId = ?", turnId)[0];
  }

  /** Lists turns that have not ended. There are none, except during a turn or after a crash. */
  listOpen(): TurnRow[] {
    return this.#all("WHERE state <> 'ended'");
  }

  /** Lists ended turns that are not fully delivered, the most urgent first. */
  listUndelivered(): TurnRow[] {
    return this.#all("WHERE state = 'ended' AND deliverAt IS NOT NULL ORDER BY deliverAt");
  }

  /** Lists turns whose delivery was completed before `time`. */
  listDoneBefore(time: number): TurnRow[] {
    return this.#all("WHERE deliverAt IS NULL AND doneAt < ?", time);
  }

  /** Lists all stored turns. */
  listAll(): TurnRow[] {
    return this.#all("");
  }

  /** When the oldest stored turn was delivered; null when none was. */
  oldestDoneAt(): number | null {
    const query = "SELECT min(doneAt) AS at FROM turns WHERE deliverAt IS NULL";
    return this.#sql.exec<{ at: number | null }>(query).one().at ?? null;
  }

  /**
   * @param pricing what the cost of the turn's run is computed from; null when no price is known
   */
  setLive(turnId: string, pricing: TurnPricing | null): void {
    this.#sql.exec(
      `UPDATE turns SET state = 'live', inputNanos = ?, outputNanos = ?, expectedInputTokens = ?
       WHERE streamId = ? AND state = 'starting'`,
      ...pricesOf(pricing),
      turnId,
    );
  }

  /** Sets what the cost of a turn's next run is computed from. */
  setPricing(turnId: string, pricing: TurnPricing | null): void {
    this.#sql.exec(
      `UPDATE turns SET inputNanos = ?, outputNanos = ?, expectedInputTokens = ?
       WHERE streamId = ? AND state <> 'ended'`,
      ...pricesOf(pricing),
      turnId,
    );
  }

  /**
   * Ends a turn and puts its end into the outbox.
   *
   * @param uncounted an estimate of the tokens that the outcome lacks; undefined when it is not known
   */
  setEnded(
    turnId: string,
    outcome: Outcome,
    finishedAt: number,
    uncounted: Tokens | undefined,
  ): void {
    this.#sql.exec(
      `UPDATE turns SET state = 'ended', status = ?, errorCode = ?, inputTokens = ?,
         outputTokens = ?, uncountedInputTokens = ?, uncountedOutputTokens = ?, finishedAt = ?,
         deliverAt = ?, guestAddress = NULL
       WHERE streamId = ? AND state <> 'ended'`,
      outcome.status,
      outcome.errorCode ?? null,
      outcome.inputTokens ?? null,
      outcome.outputTokens ?? null,
      uncounted?.inputTokens ?? null,
      uncounted?.outputTokens ?? null,
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

  /** Postpones a delivery. A turn that was parked meanwhile stays parked. */
  deferDelivery(turnId: string, deliverAt: number): void {
    this.#sql.exec(
      `UPDATE turns SET deliverAt = ?, deliveryAttempts = deliveryAttempts + 1
       WHERE streamId = ? AND parkedAt IS NULL`,
      deliverAt,
      turnId,
    );
  }

  /** Counts one refusal of a turn's end by D1. @returns the refusals so far */
  countRefusal(turnId: string): number {
    const query = "UPDATE turns SET refusals = refusals + 1 WHERE streamId = ? RETURNING refusals";
    return this.#sql.exec<{ refusals: number }>(query, turnId).one().refusals;
  }

  /** Takes an undelivered turn out of the outbox. Its log stays. */
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
   * @param refusals the count of refusals to start from
   * @returns false when the turn is not parked
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

  /** Lists the parked turns, oldest first. */
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

function pricesOf(pricing: TurnPricing | null): (number | null)[] {
  return [
    pricing?.price.inputNanos ?? null,
    pricing?.price.outputNanos ?? null,
    pricing?.inputTokens ?? null,
  ];
}

/** Adds the columns that an older object's table lacks. */
function upgrade(sql: SqlStorage): void {
  const columns = sql.exec<{ name: string }>("SELECT name FROM pragma_table_info('turns')");
  const names = new Set([...columns].map(({ name }) => name));
  if (!names.has("doneAt")) addDelivery(sql);
  if (!names.has("parkedAt")) addParking(sql);
  if (!names.has("wish")) addRestarts(sql);
  if (!names.has("isBudgeted")) addBudget(sql);
  if (!names.has("inputNanos")) addPrices(sql);
  if (!names.has("uncountedInputTokens")) addUncounted(sql);
}

function addDelivery(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns RENAME COLUMN userMessageId TO requestMessageId");
  sql.exec("ALTER TABLE turns ADD COLUMN isStored INTEGER NOT NULL DEFAULT 0");
  sql.exec("ALTER TABLE turns ADD COLUMN archivedIn TEXT");
  sql.exec("ALTER TABLE turns ADD COLUMN doneAt INTEGER");
  // D1 has these already, but the archive does not.
  sql.exec(`UPDATE turns SET isStored = 1, deliverAt = finishedAt
    WHERE state = 'ended' AND deliverAt IS NULL`);
}

function addParking(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0");
  sql.exec("ALTER TABLE turns ADD COLUMN parkedAt INTEGER");
  sql.exec("ALTER TABLE turns ADD COLUMN parkedReason TEXT");
}

function addRestarts(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns ADD COLUMN wish TEXT");
  sql.exec("ALTER TABLE turns ADD COLUMN guestAddress TEXT");
}

function addBudget(sql: SqlStorage): void {
  sql.exec("ALTER TABLE turns ADD COLUMN isBudgeted INTEGER NOT NULL DEFAULT 0");
}

function addPrices(sql: SqlStorage): void {
  for (const column of ["inputNanos", "outputNanos", "expectedInputTokens"]) {
    sql.exec(`ALTER TABLE turns ADD COLUMN ${column} INTEGER`);
  }
}

function addUncounted(sql: SqlStorage): void {
  for (const column of ["uncountedInputTokens", "uncountedOutputTokens"]) {
    sql.exec(`ALTER TABLE turns ADD COLUMN ${column} INTEGER`);
  }
}
