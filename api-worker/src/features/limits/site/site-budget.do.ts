import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../../platform/clock.ts";
import { createLogger } from "../../../platform/log.ts";
import { RequestBudget } from "../../../platform/request-budget.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { settleLost } from "./settle-lost.ts";
import {
  type Hold,
  SiteLedger,
  type SiteLimits,
  type SiteVerdict,
  type TurnUse,
} from "./site-ledger.ts";

/** A turn that is not settled for so long is asked about in D1. */
const patienceMs = 10 * 60_000;
/**
 * How often one alarm asks D1, each time about up to 50 turns. When more turns wait, the next alarm
 * goes on at once.
 */
const requestsMax = 20;

/**
 * The one Durable Object that counts what the whole site uses in a day. It is called at the beginning
 * of a turn, and told the end beside it. What it is not told it finds in D1, by its alarm.
 */
export class SiteBudgetObject extends DurableObject<Env> {
  readonly #ledger = new SiteLedger(this.ctx.storage.sql, systemClock);

  async take(countId: string, hold: Hold, limits: SiteLimits): Promise<SiteVerdict> {
    const verdict = this.#ledger.take(countId, hold, limits);
    // The alarm is set with the hold, in one write.
    if (verdict.kind === "taken") await this.#watch();
    return verdict;
  }

  giveBack(countId: string): void {
    this.#ledger.giveBack(countId);
  }

  settle(turnId: string, use: TurnUse): void {
    this.#ledger.settle(turnId, use);
  }

  /** The tokens of today, those that running turns are going to use included. */
  usedToday(): number {
    return this.#ledger.usedToday();
  }

  /** What today has cost, in nano-dollars, in the same way. */
  costToday(): number {
    return this.#ledger.useToday().costNanos;
  }

  override async alarm(): Promise<void> {
    try {
      const now = systemClock();
      const maxMs = settingsOf(this.env).answer.totalMs + patienceMs;
      const span = { since: now - patienceMs, now, maxMs };
      const budget = new RequestBudget(requestsMax);
      while (await settleLost(this.#ledger, this.env, span, budget));
    } catch (error) {
      createLogger().error("limits.use_not_found", error);
      await this.ctx.storage.setAlarm(systemClock() + patienceMs);
      return;
    }
    await this.#watch();
  }

  async #watch(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    const checkedAt = this.#ledger.oldestCheck();
    if (checkedAt !== null) await this.ctx.storage.setAlarm(checkedAt + patienceMs);
  }
}
