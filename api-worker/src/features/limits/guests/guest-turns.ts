import type { Clock } from "../../../platform/clock.ts";
import { hasTable } from "../../../platform/has-table.ts";
import { endOfUtcDay, utcDay, utcDayBefore } from "../../../platform/utc-day.ts";
import type { Taken } from "../quota.ts";
import { guestBudget } from "./guest-budget.ts";
import type { GuestLimits } from "./guest-ledger.ts";

/**
 * The turns of a guest that count against the budgets of guests too, in the guest's user object. It
 * remembers the day of each, so that its end finds the same budget, also when the chat has another owner by then.
 */
export class GuestTurns {
  readonly #sql: SqlStorage;
  readonly #env: Pick<Env, "GUEST_BUDGET">;
  readonly #now: Clock;
  #isReady = false;

  constructor(sql: SqlStorage, env: Pick<Env, "GUEST_BUDGET">, now: Clock) {
    this.#sql = sql;
    this.#env = env;
    this.#now = now;
  }

  /**
   * Counts a turn. The same turn counts once.
   *
   * @throws when the budget cannot be reached; it is then unknown whether the turn counts
   */
  async take(turnId: string, limits: GuestLimits): Promise<Taken> {
    this.#prepare();
    const now = this.#now();
    const day = this.#dayOf(turnId) ?? utcDay(now);
    // Before the call, so that a turn that may count can be given back.
    this.#sql.exec(
      "INSERT INTO guestTurns (turnId, day) VALUES (?, ?) ON CONFLICT DO NOTHING",
      ...[turnId, day],
    );
    this.#sql.exec("DELETE FROM guestTurns WHERE day < ?", utcDayBefore(now, 1));
    const verdict = await guestBudget(this.#env, day).take(turnId, limits);
    if (verdict.kind === "taken") return verdict;
    this.#forget(turnId);
    return { ...verdict, endsAt: endOfUtcDay(now) };
  }

  /** Undoes the {@link take} of a turn that did not start. Does nothing for any other. */
  async giveBack(turnId: string): Promise<void> {
    const day = this.#dayOf(turnId);
    if (day === null) return;
    await guestBudget(this.#env, day).giveBack(turnId);
    this.#forget(turnId);
  }

  /** Counts the tokens of a turn, once. Does nothing for a turn that is not counted. */
  async addTokens(turnId: string, tokens: number): Promise<void> {
    const day = this.#dayOf(turnId);
    if (day !== null) await guestBudget(this.#env, day).addTokens(turnId, tokens);
  }

  #dayOf(turnId: string): string | null {
    if (!this.#isReady && !hasTable(this.#sql, "guestTurns")) return null;
    const query = "SELECT day FROM guestTurns WHERE turnId = ?";
    return this.#sql.exec<{ day: string }>(query, turnId).toArray()[0]?.day ?? null;
  }

  #forget(turnId: string): void {
    this.#sql.exec("DELETE FROM guestTurns WHERE turnId = ?", turnId);
  }

  /** The table is created on the first write, because most users are no guests. */
  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS guestTurns (turnId TEXT PRIMARY KEY, day TEXT NOT NULL) STRICT",
    );
    this.#isReady = true;
  }
}
