import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { UsageOutput, usageInput } from "../../contracts/usage.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import { utcDay, utcDayBefore } from "../../platform/utc-day.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { listUsageQuery } from "./usage-queries.ts";

/** The viewer's usage by day and model, and what is left of today. */
export async function getUsage(
  ctx: UserContext,
  { days }: z.infer<typeof usageInput>,
): Promise<UsageOutput> {
  const { userId } = ctx.viewer;
  const now = systemClock();
  const fromDay = utcDayBefore(now, days - 1);
  const [items, used] = await Promise.all([
    listUsageQuery(ctx.content, { userId, fromDay }).execute(),
    userObject(ctx.env, userId).readToday(),
  ]);
  const limits = limitsOf(ctx.env, ctx.viewer).day;
  return {
    items,
    today: {
      day: utcDay(now),
      endsAt: used.endsAt,
      messages: countOf(used.messages, limits.messages),
      tokens: countOf(used.tokens, limits.tokens),
    },
  };
}

function countOf(used: number, max: number | null) {
  return { used, max, left: max === null ? null : Math.max(0, max - used) };
}
