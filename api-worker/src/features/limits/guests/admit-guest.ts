import type { UserContext } from "../../../context.ts";
import { systemClock } from "../../../platform/clock.ts";
import { endOfUtcDay, utcDay } from "../../../platform/utc-day.ts";
import { dayLimitError } from "../day-limits.ts";
import { guestBudget, guestLimitsOf } from "./guest-budget.ts";

/**
 * Counts the viewer as a guest who writes for the first time. Safe to run again.
 *
 * @throws AppError RATE_LIMITED when no more guests may begin today
 */
export async function admitGuest(ctx: UserContext): Promise<void> {
  const now = systemClock();
  const { userId } = ctx.viewer;
  const verdict = await guestBudget(ctx.env, utcDay(now)).admit(userId, guestLimitsOf(ctx));
  if (verdict.kind === "taken") return;
  const limit = { ...verdict, endsAt: endOfUtcDay(now) } as const;
  throw dayLimitError(limit, ctx.viewer, { messages: null });
}
