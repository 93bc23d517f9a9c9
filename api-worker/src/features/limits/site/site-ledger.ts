/**
 * What the whole site uses in a UTC day, in tokens and in money. A turn counts from its beginning: by
 * an estimate, its hold, until it is settled by what it has used. Nothing here is
 * asynchronous, so no call can interleave.
 */
import type { Clock } from "../../../platform/clock.ts";
import { endOfUtcDay, utcDay, utcDayBefore } from "../../../platform/utc-day.ts";

/** What all users together may use in a UTC day. */
export interface SiteLimits {
  /** The largest number for no limit, because older objects need one. */
  readonly tokens: number;
  /** In nano-dollars; missing for no limit. */
  readonly costNanos?: number | undefined;
}

/** What a turn is going to use, as far as that can be said before it starts. */
export interface Estimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of calls beside the answer, which no outcome counts: the chat's name. */
  readonly extraTokens: number;
}

/** The answer of a turn in D1, where its use is found when it was not told. */
export interface HeldAnswer {
  readonly contentShard: number;
  readonly userId: string;
  readonly messageId: string;
  /** Tokens of earlier turns of the same answer, which D1 sums up. */
  readonly tokensBefore: number;
}

/** The cost of an {@link Estimate}, in nano-dollars. */
export interface HeldCost {
  /** Of the answer. */
  readonly answerNanos: number;
  /** Of the calls beside it. */
  readonly extraNanos: number;
}

export interface Hold {
  readonly turnId: string;
  readonly estimate: Estimate;
  readonly answer: HeldAnswer;
  /** Missing when the model has no known price. */
  readonly cost?: HeldCost | undefined;
}

/** What a turn has used. A provider counts nothing for a turn that was cut off: then undefined. */
export interface TurnUse {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** What the turn has written, which counts in place of what the provider does not say. */
  readonly writtenBytes: number;
  /** What the answer has cost, in nano-dollars; the estimate stays when it is not known. */
  readonly costNanos?: number | undefined;
}

export type SiteVerdict =
  | { readonly kind: "taken" }
  /** @property endsAt when the day ends, in epoch milliseconds */
  | { readonly kind: "refused"; readonly endsAt: number };

/** A turn that is not settled. */
export interface OpenHold extends HeldAnswer {
  readonly turnId: string;
  /** Epoch milliseconds. */
  readonly takenAt: number;
}

type HoldRow = {
  countId: string;
  day: string;
  inputTokens: number;
  extraTokens: number;
  heldTokens: number;
  extraNanos: number;
  heldNanos: number;
};

type DayRow = { tokens: number; costNanos: number };

/** About so many bytes of a text are one token. */
export const bytesPerToken = 4;

export class SiteLedger {
  readonly #sql: SqlStorage;
  readonly #now: Clock;

  constructor(sql: SqlStorage, now: Clock) {
    this.#sql = sql;
    this.#now = now;
    sql.exec(`CREATE TABLE IF NOT EXISTS days (
      day TEXT PRIMARY KEY,
      tokens INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    sql.exec(`CREATE TABLE IF NOT EXISTS holds (
      countId TEXT PRIMARY KEY,
      turnId TEXT NOT NULL,
      day TEXT NOT NULL,
      takenAt INTEGER NOT NULL,
      checkedAt INTEGER NOT NULL,
      inputTokens INTEGER NOT NULL,
      extraTokens INTEGER NOT NULL,
      heldTokens INTEGER NOT NULL,
      contentShard INTEGER NOT NULL,
      userId TEXT NOT NULL,
      messageId TEXT NOT NULL,
      tokensBefore INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    // Money has tables of its own: an earlier version of the worker inserts into those above by
    // position, and must still be able to after a rollback.
    sql.exec(`CREATE TABLE IF NOT EXISTS costDays (
      day TEXT PRIMARY KEY,
      nanos INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    sql.exec(`CREATE TABLE IF NOT EXISTS costHolds (
      countId TEXT PRIMARY KEY,
      turnId TEXT NOT NULL,
      day TEXT NOT NULL,
      extraNanos INTEGER NOT NULL,
      heldNanos INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    sql.exec("CREATE INDEX IF NOT EXISTS costHoldsByTurn ON costHolds (turnId)");
    sql.exec("CREATE INDEX IF NOT EXISTS holdsByTurn ON holds (turnId, takenAt)");
    sql.exec("CREATE INDEX IF NOT EXISTS holdsByCheck ON holds (checkedAt)");
  }

  /**
   * Counts the estimate of a turn, unless the day has reached a limit. The same id counts once,
   * however often it asks. However many turns ask at once, a day passes a limit by at most one
   * estimate, and by what turns use beyond theirs. The limit in money stops no turn that costs nothing.
   *
   * @param countId the turn's id, or that of one of its restarts
   */
  take(countId: string, hold: Hold, limits: SiteLimits): SiteVerdict {
    const { turnId, estimate, answer, cost = { answerNanos: 0, extraNanos: 0 } } = hold;
    const known = this.#sql.exec("SELECT 1 FROM holds WHERE countId = ?", countId).toArray();
    if (known.length > 0) return { kind: "taken" };
    const now = this.#now();
    const heldNanos = cost.answerNanos + cost.extraNanos;
    const used = this.useToday();
    const isCostUsed = limits.costNanos !== undefined && used.costNanos >= limits.costNanos;
    if (used.tokens >= limits.tokens || (isCostUsed && heldNanos > 0)) {
      return { kind: "refused", endsAt: endOfUtcDay(now) };
    }
    const { inputTokens, outputTokens, extraTokens } = estimate;
    const heldTokens = inputTokens + outputTokens + extraTokens;
    const day = utcDay(now);
    this.#sql.exec(
      `INSERT INTO holds (countId, turnId, day, takenAt, checkedAt, inputTokens, extraTokens,
         heldTokens, contentShard, userId, messageId, tokensBefore)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[countId, turnId, day, now, now, inputTokens, extraTokens, heldTokens],
      ...[answer.contentShard, answer.userId, answer.messageId, answer.tokensBefore],
    );
    if (heldNanos > 0) {
      this.#sql.exec(
        `INSERT OR REPLACE INTO costHolds (countId, turnId, day, extraNanos, heldNanos)
         VALUES (?, ?, ?, ?, ?)`,
        ...[countId, turnId, day, cost.extraNanos, heldNanos],
      );
    }
    this.#add(day, { tokens: heldTokens, costNanos: heldNanos });
    return { kind: "taken" };
  }

  /** Undoes a {@link take} whose turn did not start. Does nothing for any other id. */
  giveBack(countId: string): void {
    for (const { day, heldTokens, heldNanos } of this.#holds("holds.countId", countId)) {
      this.#add(day, { tokens: -heldTokens, costNanos: -heldNanos });
    }
    this.#drop("countId", countId);
  }

  /**
   * Counts what a turn has used in place of its estimate, once, in the day in which it was taken.
   * Runs that a restart has replaced keep their estimates, because what they used is not known.
   */
  settle(turnId: string, use: TurnUse): void {
    const last = this.#holds("holds.turnId", turnId).at(-1);
    this.#drop("turnId", turnId);
    if (!last) return;
    const input = use.inputTokens ?? last.inputTokens;
    const output = use.outputTokens ?? Math.ceil(use.writtenBytes / bytesPerToken);
    const { costNanos } = use;
    this.#add(last.day, {
      tokens: input + output + last.extraTokens - last.heldTokens,
      costNanos: costNanos === undefined ? 0 : costNanos + last.extraNanos - last.heldNanos,
    });
  }

  /** Keeps a turn's estimates for what it has used, because that cannot be found out any more. */
  settleByEstimate(turnId: string): void {
    this.#drop("turnId", turnId);
  }

  /** Reads holds, the oldest first. */
  #holds(key: "holds.countId" | "holds.turnId", id: string): HoldRow[] {
    return this.#sql
      .exec<HoldRow>(
        `SELECT holds.countId, holds.day, inputTokens, extraTokens, heldTokens,
           coalesce(extraNanos, 0) AS extraNanos, coalesce(heldNanos, 0) AS heldNanos
         FROM holds LEFT JOIN costHolds USING (countId)
         WHERE ${key} = ? ORDER BY takenAt, holds.countId`,
        id,
      )
      .toArray();
  }

  #drop(key: "countId" | "turnId", id: string): void {
    for (const table of ["holds", "costHolds"]) {
      this.#sql.exec(`DELETE FROM ${table} WHERE ${key} = ?`, id);
    }
  }

  /** Lists turns that were not settled and not asked about since a time, the oldest first. */
  listUnsettled(since: number, max: number): OpenHold[] {
    return this.#sql
      .exec<OpenHold & Record<string, string | number>>(
        `SELECT turnId, min(takenAt) AS takenAt, contentShard, userId, messageId, tokensBefore
         FROM holds WHERE checkedAt <= ? GROUP BY turnId ORDER BY min(checkedAt) LIMIT ?`,
        ...[since, max],
      )
      .toArray();
  }

  /** Notes that a turn was asked about, and goes on. */
  keep(turnId: string): void {
    this.#sql.exec("UPDATE holds SET checkedAt = ? WHERE turnId = ?", this.#now(), turnId);
  }

  /** When the turn that waits longest was taken or asked about; null without one. */
  oldestCheck(): number | null {
    const query = "SELECT min(checkedAt) AS at FROM holds";
    return this.#sql.exec<{ at: number | null }>(query).one().at;
  }

  /** The tokens of today: used by turns that have ended, and estimated for those that have not. */
  usedToday(): number {
    return this.useToday().tokens;
  }

  /** The same, with the money in nano-dollars. */
  useToday(): DayRow {
    const query = `SELECT coalesce((SELECT tokens FROM days WHERE day = ?1), 0) AS tokens,
      coalesce((SELECT nanos FROM costDays WHERE day = ?1), 0) AS costNanos`;
    return this.#sql.exec<DayRow>(query, utcDay(this.#now())).one();
  }

  #add(day: string, { tokens, costNanos }: DayRow): void {
    this.#sql.exec(
      `INSERT INTO days (day, tokens) VALUES (?, ?)
       ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens`,
      ...[day, tokens],
    );
    if (costNanos !== 0) {
      this.#sql.exec(
        `INSERT INTO costDays (day, nanos) VALUES (?, ?)
         ON CONFLICT (day) DO UPDATE SET nanos = nanos + excluded.nanos`,
        ...[day, costNanos],
      );
    }
    // Yesterday's turns may still end. What an older one adds is not asked for any more. An earlier
    // version of the worker leaves the estimates in money of turns that it settles.
    const keptFrom = utcDayBefore(this.#now(), 1);
    for (const table of ["days", "costDays", "costHolds"]) {
      this.#sql.exec(`DELETE FROM ${table} WHERE day < ?`, keptFrom);
    }
  }
}
