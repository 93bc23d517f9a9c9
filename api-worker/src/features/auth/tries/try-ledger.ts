/**
 * The failed sign-in tries of one account or of one client address, in its object: all tries pass
 * it one after the other. Nothing here is asynchronous, so no call can interleave.
 */
import type { Clock } from "../../../platform/clock.ts";

/** How many tries may fail before one has to wait, and how long. */
export interface TryPolicy {
  readonly freeTries: number;
  /** The first wait. Each further failure doubles it, up to the longest. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Failures count until there was none for this long. */
  readonly forgottenAfterMs: number;
}

/** Who tries. */
export interface Tryer {
  /** The key of a browser, which counts by itself once it has logged in to the account. */
  readonly browser: string | null;
  /** The key of a session of the account, which always counts by itself. */
  readonly session: string | null;
  /** Refuses a browser that has not logged in to the account, without counting. */
  readonly isOnlyKnown: boolean;
}

export type TryVerdict =
  /** @property bucket what the try counts in; see {@link TryLedger.giveBack} */
  | { readonly kind: "taken"; readonly bucket: string }
  | { readonly kind: "refused"; readonly waitMs: number }
  /** A browser that is not known, where only known ones are let in. */
  | { readonly kind: "unknown" };

type BucketRow = { failures: number; lastAt: number };

/** The bucket of all browsers that are not known. */
const strangers = "";
/** Browsers that an account remembers; the one that was used longest ago is forgotten first. */
const browsersMax = 20;
/** A browser that does not return is forgotten. */
const browserLifeMs = 400 * 24 * 60 * 60 * 1000;

export class TryLedger {
  readonly #sql: SqlStorage;
  readonly #now: Clock;
  #isReady = false;

  constructor(sql: SqlStorage, now: Clock) {
    this.#sql = sql;
    this.#now = now;
  }

  /**
   * Counts a try as failed, before anyone knows whether it is: so parallel tries cannot pass
   * together. {@link giveBack} undoes it. A try that is refused is not counted, and does not make
   * the wait longer.
   */
  take(policy: TryPolicy, tryer: Tryer): TryVerdict {
    this.#prepare();
    const bucket = this.#bucketOf(tryer);
    if (bucket === strangers && tryer.isOnlyKnown) return { kind: "unknown" };
    const now = this.#now();
    this.#forgetBefore(now - policy.forgottenAfterMs);
    const { failures, lastAt } = this.#read(bucket);
    const waitMs = failures < policy.freeTries ? 0 : lastAt + waitAfter(policy, failures) - now;
    if (waitMs > 0) return { kind: "refused", waitMs };
    this.#sql.exec(
      "INSERT INTO buckets (bucket, failures, lastAt) VALUES (?1, 1, ?2) " +
        "ON CONFLICT DO UPDATE SET failures = failures + 1, lastAt = ?2",
      bucket,
      now,
    );
    return { kind: "taken", bucket };
  }

  /** Undoes the {@link take} of a try that was right, or that tried nothing. */
  giveBack(bucket: string): void {
    this.#prepare();
    this.#sql.exec("UPDATE buckets SET failures = failures - 1 WHERE bucket = ?", bucket);
    this.#sql.exec("DELETE FROM buckets WHERE failures <= 0");
  }

  /**
   * Gives a right try back and remembers its browser. The earlier failures of a known browser or a
   * session are forgotten. Those of strangers stay: they are not by the one who knew the password.
   */
  succeed(bucket: string, browser: string | null): void {
    this.giveBack(bucket);
    if (bucket !== strangers) this.#sql.exec("DELETE FROM buckets WHERE bucket = ?", bucket);
    if (browser === null) return;
    const now = this.#now();
    this.#sql.exec(
      "INSERT INTO browsers (browser, usedAt) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET usedAt = ?2",
      browser,
      now,
    );
    this.#sql.exec(
      "DELETE FROM browsers WHERE usedAt < ? OR browser NOT IN " +
        "(SELECT browser FROM browsers ORDER BY usedAt DESC, rowid DESC LIMIT ?)",
      now - browserLifeMs,
      browsersMax,
    );
  }

  /** Forgets every known browser. */
  forgetBrowsers(): void {
    this.#prepare();
    this.#sql.exec("DELETE FROM browsers");
  }

  /**
   * Deletes failures that count no longer.
   *
   * @param forgottenAfterMs of the policy
   * @returns whether failures remain, and whether browsers do
   */
  tidy(forgottenAfterMs: number): { readonly hasFailures: boolean; readonly hasBrowsers: boolean } {
    this.#prepare();
    const now = this.#now();
    this.#forgetBefore(now - forgottenAfterMs);
    this.#sql.exec("DELETE FROM browsers WHERE usedAt < ?", now - browserLifeMs);
    const hasRows = (table: string) =>
      this.#sql.exec(`SELECT 1 FROM ${table} LIMIT 1`).toArray().length > 0;
    return { hasFailures: hasRows("buckets"), hasBrowsers: hasRows("browsers") };
  }

  #bucketOf({ browser, session }: Tryer): string {
    if (session !== null) return `session ${session}`;
    if (browser === null) return strangers;
    const query = "SELECT 1 FROM browsers WHERE browser = ? AND usedAt >= ?";
    const since = this.#now() - browserLifeMs;
    const isKnown = this.#sql.exec(query, browser, since).toArray().length > 0;
    return isKnown ? `browser ${browser}` : strangers;
  }

  #read(bucket: string): BucketRow {
    const query = "SELECT failures, lastAt FROM buckets WHERE bucket = ?";
    return this.#sql.exec<BucketRow>(query, bucket).toArray()[0] ?? { failures: 0, lastAt: 0 };
  }

  #forgetBefore(time: number): void {
    this.#sql.exec("DELETE FROM buckets WHERE lastAt <= ?", time);
  }

  #prepare(): void {
    if (this.#isReady) return;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS buckets (
      bucket TEXT PRIMARY KEY,
      failures INTEGER NOT NULL,
      lastAt INTEGER NOT NULL
    ) STRICT`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS browsers (
      browser TEXT PRIMARY KEY,
      usedAt INTEGER NOT NULL
    ) STRICT`);
    this.#isReady = true;
  }
}

function waitAfter({ freeTries, firstWaitMs, longestWaitMs }: TryPolicy, failures: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - freeTries));
}
