import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../../platform/clock.ts";
import { endOfUtcDay } from "../../../platform/utc-day.ts";
import {
  type BudgetUse,
  type BudgetVerdict,
  GuestLedger,
  type GuestLimits,
} from "./guest-ledger.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The Durable Object that counts what all guests use in one UTC day, and those of each address. The
 * day is its name. It deletes everything a day after its own: until then a turn of the day may end
 * or be given back.
 */
export class GuestBudgetObject extends DurableObject<Env> {
  #ledger = new GuestLedger(this.ctx.storage.sql);

  async admit(userId: string, limits: GuestLimits): Promise<BudgetVerdict> {
    await this.#deleteLater();
    return this.#ledger.admit(userId, limits);
  }

  async take(turnId: string, limits: GuestLimits): Promise<BudgetVerdict> {
    await this.#deleteLater();
    return this.#ledger.take(turnId, limits);
  }

  giveBack(turnId: string): void {
    this.#ledger.giveBack(turnId);
  }

  addTokens(turnId: string, tokens: number): void {
    this.#ledger.addTokens(turnId, tokens);
  }

  read(addressKey: string | null): BudgetUse {
    return this.#ledger.read(addressKey);
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#ledger = new GuestLedger(this.ctx.storage.sql);
  }

  async #deleteLater(): Promise<void> {
    if (this.#ledger.isUsed()) return;
    await this.ctx.storage.setAlarm(endOfUtcDay(systemClock()) + dayMs);
  }
}
