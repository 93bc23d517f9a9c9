import type { Context } from "../../../context.ts";
import { systemClock } from "../../../platform/clock.ts";
import { endOfUtcDay, utcDay } from "../../../platform/utc-day.ts";
import { dayLimitError } from "../day-limits.ts";
import { guestBudget, guestLimitsOf } from "./guest-budget.ts";

/**
 * Counts a guest who is about to get a row. Safe to run again.
 *
 * @throws AppError RATE_LIMITED when no more guests may begin today
 */
export async function admitGuest(ctx: Context, userId: string): Promise<void> {
  const now = systemClock();
  const verdict = await guestBudget(ctx.env, utcDay(now)).admit(userId, guestLimitsOf(ctx));
  if (verdict.kind === "taken") return;
  const limit = { ...verdict, endsAt: endOfUtcDay(now) } as const;
  throw dayLimitError(limit, { isGuest: true }, { messages: null });
}
