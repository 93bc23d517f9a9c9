/**
 * What a user's answers cost, in the user's object, in nano-dollars. A turn counts from its beginning
 * by an estimate, its hold, until it is settled by what it has cost. So however many turns ask at
 * once, a limit is passed by at most one estimate, and by what turns cost beyond theirs. Nothing here
 * is asynchronous, so no call can interleave.
 */
import type { Clock } from "../../platform/clock.ts";
import { hasTable } from "../../platform/has-table.ts";
import { endOfUtcDay, endOfUtcMonth, startOfUtcMonth, utcDay } from "../../platform/utc-day.ts";

/** null or missing: no limit. */
export interface CostLimits {
  /** In a UTC day. */
  readonly costNanos?: number | null | undefined;
  /** In a UTC month. */
  readonly monthCostNanos?: number | null | undefined;
}

/** The estimate of a turn. */
export interface CostHold {
  readonly turnId: string;
  readonly nanos: number;
}

export interface CostRefusal {
  /** The limit that is used up. */
  readonly of: "day" | "month";
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export interface CostUse {
  /** Turns in progress count by their estimates. */
  readonly dayNanos: number;
  readonly monthNanos: number;
}

type HoldRow = { day: string; nanos: number };

export class Costs {
  readonly #sql: SqlStorage;
  readonly #now: Clock;
  #isReady = false;

  constructor(sql: SqlStorage, now: Clock) {
    this.#sql = sql;
    this.#now = now;
  }

  /**
   * Counts the estimate of a turn, unless a limit is used up. The same id counts once, however often
   * it asks. A turn that costs nothing is never refused.
   *
   * @param countId the turn's id, or that of one of its restarts
   * @returns null when the turn may start
   */
  take(countId: string, { turnId, nanos }: CostHold, limits: CostLimits): CostRefusal | null {
    if (nanos === 0) return null;
    this.#prepare();
    const known = this.#sql.exec("SELECT 1 FROM costHolds WHERE countId = ?", countId).toArray();
    if (known.length > 0) return null;
    const now = this.#now();
    const { costNanos: dayLimit, monthCostNanos: monthLimit } = limits;
    // The month first, because the end of the day would not help.
    if (monthLimit != null && this.#since(startOfUtcMonth(now)) >= monthLimit) {
      return { of: "month", endsAt: endOfUtcMonth(now) };
    }
    const day = utcDay(now);
    if (dayLimit != null && this.#since(day) >= dayLimit) {
      return { of: "day", endsAt: endOfUtcDay(now) };
    }
    this.#sql.exec(
      "INSERT INTO costHolds (countId, turnId, day, nanos) VALUES (?, ?, ?, ?)",
      ...[countId, turnId, day, nanos],
    );
    this.#add(day, nanos);
    return null;
  }

  /** Undoes a {@link take} whose turn did not start. Does nothing for any other id. */
  giveBack(countId: string): void {
    if (!this.#isUsed()) return;
    const gone = this.#sql.exec<HoldRow>(
      "DELETE FROM costHolds WHERE countId = ? RETURNING day, nanos",
      countId,
    );
    for (const { day, nanos } of gone.toArray()) this.#add(day, -nanos);
  }

  /**
   * Counts what a turn has cost in place of its estimate, once, in the day in which it was taken. Runs
   * that a restart has replaced keep their estimates, because what they cost is not known.
   */
  settle(turnId: string, nanos: number): void {
    if (!this.#isUsed()) return;
    const [last] = this.#sql
      .exec<HoldRow>(
        "SELECT day, nanos FROM costHolds WHERE turnId = ? ORDER BY rowid DESC LIMIT 1",
        turnId,
      )
      .toArray();
    if (!last) return;
    this.#sql.exec("DELETE FROM costHolds WHERE turnId = ?", turnId);
    this.#add(last.day, nanos - last.nanos);
  }

  /** What today and this month have cost. Writes nothing. */
  read(): CostUse {
    const now = this.#now();
    const isUsed = this.#isUsed();
    return {
      dayNanos: isUsed ? this.#since(utcDay(now)) : 0,
      monthNanos: isUsed ? this.#since(startOfUtcMonth(now)) : 0,
    };
  }

  #since(day: string): number {
    const query = "SELECT coalesce(sum(nanos), 0) AS nanos FROM costDays WHERE day >= ?";
    return this.#sql.exec<{ nanos: number }>(query, day).one().nanos;
  }

  #add(day: string, nanos: number): void {
    this.#sql.exec(
      `INSERT INTO costDays (day, nanos) VALUES (?, ?)
       ON CONFLICT (day) DO UPDATE SET nanos = nanos + excluded.nanos`,
      ...[day, nanos],
    );
    // Turns of this month may end in the next. What an older one adds is not asked for any more.
    const keptFrom = startOfUtcMonth(Date.parse(startOfUtcMonth(this.#now())) - 1);
    for (const table of ["costDays", "costHolds"]) {
      this.#sql.exec(`DELETE FROM ${table} WHERE day < ?`, keptFrom);
    }
  }

  #isUsed(): boolean {
    return this.#isReady || hasTable(this.#sql, "costDays");
  }

  /** Tables are created on the first write, because most objects only handle news. */
  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS costDays (
      day TEXT PRIMARY KEY,
      nanos INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS costHolds (
      countId TEXT PRIMARY KEY,
      turnId TEXT NOT NULL,
      day TEXT NOT NULL,
      nanos INTEGER NOT NULL
    ) STRICT`);
    this.#sql.exec("CREATE INDEX IF NOT EXISTS costHoldsByTurn ON costHolds (turnId)");
    this.#isReady = true;
  }
}
