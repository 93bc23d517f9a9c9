/**
 * What the guests of one UTC day use: those of each address, and all together. Nothing here is
 * asynchronous, so no call can interleave. Addresses are hashed with a salt that is made here and
 * deleted with the rest, so that not even a list of all addresses leads back to them.
 */

import { encodeHexLowerCase } from "@oslojs/encoding";
import { hasTable } from "../../../platform/has-table.ts";
import { sha256Hex } from "../../../platform/sha256.ts";

/** The limits of a budget; null for no limit. */
export interface BudgetLimits {
  /** Guests who write for the first time. */
  readonly guests: number | null;
  /** Turns, as in `DayLimits`. */
  readonly messages: number | null;
  readonly tokens: number | null;
}

/** What a guest is held against. */
export interface GuestLimits {
  /** The client's address as limits know it; null on a local machine, where all have the same. */
  readonly addressKey: string | null;
  readonly address: BudgetLimits;
  readonly all: BudgetLimits;
}

export type BudgetVerdict =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly of: "address" | "guests"; readonly what: Counted };

type Counted = keyof BudgetLimits;

export type BudgetUse = { readonly [Name in Counted]: number };

/** The key of all guests together. An address has its hash. */
const allKey = "all";
const none: BudgetUse = { guests: 0, messages: 0, tokens: 0 };

export class GuestLedger {
  readonly #sql: SqlStorage;
  #isReady = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Counts a guest who writes for the first time. The same guest counts once. */
  admit(userId: string, limits: GuestLimits): BudgetVerdict {
    this.#prepare();
    const known = this.#sql.exec("SELECT 1 FROM guests WHERE userId = ?", userId).toArray();
    if (known.length > 0) return { kind: "taken" };
    const address = this.#hashOf(limits.addressKey);
    const refusal = this.#refuse(address, limits, ["guests"]);
    if (refusal) return refusal;
    this.#sql.exec("INSERT INTO guests (userId) VALUES (?)", userId);
    this.#add(address, { ...none, guests: 1 });
    return { kind: "taken" };
  }

  /** Counts a turn. The same turn counts once, however often it is taken. */
  take(turnId: string, limits: GuestLimits): BudgetVerdict {
    this.#prepare();
    const known = this.#sql.exec("SELECT 1 FROM turns WHERE turnId = ?", turnId).toArray();
    if (known.length > 0) return { kind: "taken" };
    const address = this.#hashOf(limits.addressKey);
    const refusal = this.#refuse(address, limits, ["messages", "tokens"]);
    if (refusal) return refusal;
    this.#sql.exec("INSERT INTO turns (turnId, address) VALUES (?, ?)", turnId, address);
    this.#add(address, { ...none, messages: 1 });
    return { kind: "taken" };
  }

  /** Undoes the {@link take} of a turn that did not start. Does nothing for any other. */
  giveBack(turnId: string): void {
    if (!this.isUsed()) return;
    const gone = this.#sql.exec<{ address: string | null }>(
      "DELETE FROM turns WHERE turnId = ? RETURNING address",
      turnId,
    );
    for (const { address } of gone.toArray()) this.#add(address, { ...none, messages: -1 });
  }

  /** Counts the tokens of a turn, once. */
  addTokens(turnId: string, tokens: number): void {
    if (!this.isUsed()) return;
    const counted = this.#sql.exec<{ address: string | null }>(
      "UPDATE turns SET tokens = ? WHERE turnId = ? AND tokens IS NULL RETURNING address",
      tokens,
      turnId,
    );
    for (const { address } of counted.toArray()) this.#add(address, { ...none, tokens });
  }

  /** What an address has used; all guests when it is null. Writes nothing. */
  read(addressKey: string | null): BudgetUse {
    if (!this.isUsed()) return none;
    return this.#use(this.#hashOf(addressKey) ?? allKey);
  }

  /** Whether anything was counted. */
  isUsed(): boolean {
    return this.#isReady || hasTable(this.#sql, "uses");
  }

  #refuse(
    address: string | null,
    limits: GuestLimits,
    counted: readonly Counted[],
  ): BudgetVerdict | null {
    for (const what of counted) {
      if (address !== null && isUp(limits.address, this.#use(address), what)) {
        return { kind: "refused", of: "address", what };
      }
      if (isUp(limits.all, this.#use(allKey), what)) {
        return { kind: "refused", of: "guests", what };
      }
    }
    return null;
  }

  #use(key: string): BudgetUse {
    const query = "SELECT guests, messages, tokens FROM uses WHERE key = ?";
    return this.#sql.exec<BudgetUse>(query, key).toArray()[0] ?? none;
  }

  #add(address: string | null, { guests, messages, tokens }: BudgetUse): void {
    for (const key of address === null ? [allKey] : [allKey, address]) {
      this.#sql.exec(
        `INSERT INTO uses (key, guests, messages, tokens) VALUES (?, ?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET guests = guests + excluded.guests,
           messages = messages + excluded.messages, tokens = tokens + excluded.tokens`,
        ...[key, guests, messages, tokens],
      );
    }
  }

  #hashOf(addressKey: string | null): string | null {
    if (addressKey === null) return null;
    const { salt } = this.#sql.exec<{ salt: string }>("SELECT salt FROM salts").one();
    return sha256Hex(`${salt} ${addressKey}`);
  }

  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS uses (
      key TEXT PRIMARY KEY,
      guests INTEGER NOT NULL,
      messages INTEGER NOT NULL,
      tokens INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS turns (
      turnId TEXT PRIMARY KEY,
      address TEXT,
      tokens INTEGER
    ) STRICT, WITHOUT ROWID`);
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS guests (userId TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    );
    this.#sql.exec("CREATE TABLE IF NOT EXISTS salts (salt TEXT NOT NULL) STRICT");
    if (this.#sql.exec("SELECT salt FROM salts").toArray().length === 0) {
      const salt = encodeHexLowerCase(crypto.getRandomValues(new Uint8Array(32)));
      this.#sql.exec("INSERT INTO salts (salt) VALUES (?)", salt);
    }
    this.#isReady = true;
  }
}

function isUp(limits: BudgetLimits, use: BudgetUse, what: Counted): boolean {
  const limit = limits[what];
  return limit !== null && use[what] >= limit;
}
