import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../../platform/clock.ts";
import { type Tryer, TryLedger, type TryPolicy, type TryVerdict } from "./try-ledger.ts";

/** No policy counts failures for longer. */
const tidyAfterMs = 24 * 60 * 60 * 1000;

/**
 * The Durable Object that counts the failed sign-in tries of one email address, whether it has an
 * account or not, or of one client address. See `tries.ts`.
 */
export class SignInObject extends DurableObject<Env> {
  #ledger = new TryLedger(this.ctx.storage.sql, systemClock);

  async take(policy: TryPolicy, tryer: Tryer): Promise<TryVerdict> {
    const verdict = this.#ledger.take(policy, tryer);
    if (verdict.kind === "taken") await this.#tidyLater();
    return verdict;
  }

  giveBack(bucket: string): void {
    this.#ledger.giveBack(bucket);
  }

  succeed(bucket: string, browser: string | null): void {
    this.#ledger.succeed(bucket, browser);
  }

  forgetBrowsers(): void {
    this.#ledger.forgetBrowsers();
  }

  /** Leaves nothing behind of addresses that were only guessed at. */
  override async alarm(): Promise<void> {
    const { hasFailures, hasBrowsers } = this.#ledger.tidy(tidyAfterMs);
    if (hasFailures) return this.#tidyLater();
    if (hasBrowsers) return;
    await this.ctx.storage.deleteAll();
    this.#ledger = new TryLedger(this.ctx.storage.sql, systemClock);
  }

  async #tidyLater(): Promise<void> {
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(systemClock() + tidyAfterMs);
  }
}
