/** The budgets of guests: one for each address, and one for all together, each for a UTC day. */
import type { Context } from "../../../context.ts";
import { countedAddress } from "../../../platform/local-machine.ts";
import { settingsOf } from "../../../platform/settings.ts";
import type { GuestLimits } from "./guest-ledger.ts";

/** @param day as YYYY-MM-DD */
export function guestBudget(env: Pick<Env, "GUEST_BUDGET">, day: string) {
  return env.GUEST_BUDGET.get(env.GUEST_BUDGET.idFromName(day));
}

/** What a guest's request is held against. */
export function guestLimitsOf({ env, request }: Pick<Context, "env" | "request">): GuestLimits {
  return guestLimitsAt(env, countedAddress(request));
}

/**
 * What a guest at an address is held against.
 *
 * @param addressKey the address as limits know it; null on a local machine
 */
export function guestLimitsAt(env: Env, addressKey: string | null): GuestLimits {
  const { guestAddress: address, allGuests: all } = settingsOf(env);
  return { addressKey, address, all };
}
