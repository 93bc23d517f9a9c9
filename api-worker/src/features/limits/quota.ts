/**
 * A user's usage of the day, in the user's object: all turns pass it one after the other. A day is
 * a UTC day. Nothing here is asynchronous, so no call can interleave.
 */

import type { Clock } from "../../platform/clock.ts";
import { hasTable } from "../../platform/has-table.ts";
import { endOfUtcDay, utcDay, utcDayBefore } from "../../platform/utc-day.ts";
import type { CostLimits, CostUse } from "./costs.ts";
import type { GuestLimits } from "./guests/guest-ledger.ts";
import type { SiteLimits } from "./site/site-ledger.ts";

/** The limits of a day, and of a month for what answers cost; null for no limit. */
export interface DayLimits extends CostLimits {
  /** Turns: a message, another answer, a continuation, or an approval of tool calls. */
  readonly messages: number | null;
  readonly tokens: number | null;
}

/** What a turn is held against. */
export interface TurnLimits extends DayLimits {
  /** The budgets of guests; only for a guest. */
  readonly guests?: GuestLimits | undefined;
  /** The budget of the whole site; missing for none. */
  readonly site?: SiteLimits | undefined;
}

export type Taken =
  | { readonly kind: "taken" }
  | {
      readonly kind: "refused";
      /** Whose limit it is, when it is not the user's own. */
      readonly of?: "address" | "guests";
      readonly what: "guests" | "messages" | "tokens";
      /**
       * Set when the budget of the whole site is used up, or could not be asked. Beside `what`, which
       * says "tokens" then: workers that know no such budget take it for the user's own.
       */
      readonly site?: "used-up" | "unreachable";
      /** Set in the same way when what answers may cost in a day or a month is used up. */
      readonly cost?: "day" | "month";
      /** When the day or the month ends, in epoch milliseconds. */
      readonly endsAt: number;
    };

export type DayLimitReached = Extract<Taken, { kind: "refused" }>;

export interface DayUse {
  readonly messages: number;
  readonly tokens: number;
  readonly endsAt: number;
  /** Older objects count none. */
  readonly cost?: CostUse;
}

type DayRow = { messages: number; tokens: number };

export class Quota {
  readonly #sql: SqlStorage;
  readonly #now: Clock;
  #isReady = false;

  constructor(sql: SqlStorage, now: Clock) {
    this.#sql = sql;
    this.#now = now;
  }

  /**
   * Counts a turn against the day. The same turn counts once, however often it is taken.
   */
  take(turnId: string, limits: DayLimits): Taken {
    this.#prepare();
    const known = this.#sql.exec("SELECT day FROM takenTurns WHERE turnId = ?", turnId);
    if (known.toArray().length > 0) return { kind: "taken" };
    const now = this.#now();
    const day = utcDay(now);
    const { messages, tokens } = this.#readDay(day);
    const endsAt = endOfUtcDay(now);
    if (limits.messages !== null && messages >= limits.messages) {
      return { kind: "refused", what: "messages", endsAt };
    }
    if (limits.tokens !== null && tokens >= limits.tokens) {
      return { kind: "refused", what: "tokens", endsAt };
    }
    this.#sql.exec("INSERT INTO takenTurns (turnId, day) VALUES (?, ?)", turnId, day);
    this.#add(day, { messages: 1, tokens: 0 });
    return { kind: "taken" };
  }

  /**
   * Undoes the {@link take} of a turn that did not start. Does nothing for a turn that is not
   * counted.
   */
  giveBack(turnId: string): void {
    this.#prepare();
    const gone = this.#sql.exec<{ day: string }>(
      "DELETE FROM takenTurns WHERE turnId = ? RETURNING day",
      turnId,
    );
    for (const { day } of gone.toArray()) this.#add(day, { messages: -1, tokens: 0 });
  }

  /**
   * Counts the tokens of a turn, once. Tokens of a past day are ignored.
   *
   * @param finishedAt epoch milliseconds
   */
  addTokens(turn: { streamId: string; tokens: number; finishedAt: number }): void {
    const day = utcDay(turn.finishedAt);
    if (turn.tokens === 0 || day < utcDayBefore(this.#now(), 1)) return;
    this.#prepare();
    const added = this.#sql.exec(
      "INSERT INTO countedTurns (streamId, day) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING day",
      turn.streamId,
      day,
    );
    if (added.toArray().length > 0) this.#add(day, { messages: 0, tokens: turn.tokens });
  }

  /** Today's usage. Writes nothing. */
  readToday(): DayUse {
    const now = this.#now();
    const { messages, tokens } = hasTable(this.#sql, "days")
      ? this.#readDay(utcDay(now))
      : { messages: 0, tokens: 0 };
    return { messages, tokens, endsAt: endOfUtcDay(now) };
  }

  #readDay(day: string): DayRow {
    const query = "SELECT messages, tokens FROM days WHERE day = ?";
    return this.#sql.exec<DayRow>(query, day).toArray()[0] ?? { messages: 0, tokens: 0 };
  }

  #add(day: string, { messages, tokens }: DayRow): void {
    const isNewDay =
      this.#sql
        .exec(
          `UPDATE days SET messages = messages + ?, tokens = tokens + ? WHERE day = ? RETURNING day`,
          messages,
          tokens,
          day,
        )
        .toArray().length === 0;
    if (!isNewDay) return;
    this.#sql.exec("INSERT INTO days VALUES (?, ?, ?)", day, messages, tokens);
    // Yesterday's rows stay, because its turns may be given back or end just after midnight.
    const keptFrom = utcDayBefore(this.#now(), 1);
    for (const table of ["days", "takenTurns", "countedTurns"]) {
      this.#sql.exec(`DELETE FROM ${table} WHERE day < ?`, keptFrom);
    }
  }

  /** Tables are created on the first write, because most objects only handle news. */
  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS days (
      day TEXT PRIMARY KEY,
      messages INTEGER NOT NULL,
      tokens INTEGER NOT NULL
    ) STRICT`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS takenTurns (
      turnId TEXT PRIMARY KEY,
      day TEXT NOT NULL
    ) STRICT`);
    // Its keys were message ids. What they counted is in `days`.
    this.#sql.exec("DROP TABLE IF EXISTS takenMessages");
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS countedTurns (
      streamId TEXT PRIMARY KEY,
      day TEXT NOT NULL
    ) STRICT`);
    this.#isReady = true;
  }
}
