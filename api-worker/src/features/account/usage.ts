import { runBatch } from "db";
import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { UsageOutput, usageInput } from "../../contracts/usage.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import { utcDay, utcDayBefore } from "../../platform/utc-day.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { storageOutputOf, storageUseQuery } from "../limits/storage.ts";
import { listUsageQuery } from "./usage-queries.ts";

/** The viewer's usage by day and model, what is left of today, and what is stored. */
export async function getUsage(
  ctx: UserContext,
  { days }: z.infer<typeof usageInput>,
): Promise<UsageOutput> {
  const { userId } = ctx.viewer;
  const now = systemClock();
  const fromDay = utcDayBefore(now, days - 1);
  const [[items, [use]], used] = await Promise.all([
    runBatch(ctx.content, [
      listUsageQuery(ctx.content, { userId, fromDay }),
      storageUseQuery(ctx.content, userId),
    ]),
    userObject(ctx.env, userId).readToday(),
  ]);
  const { day: limits, storage } = limitsOf(ctx.env, ctx.viewer);
  return {
    items,
    today: {
      day: utcDay(now),
      endsAt: used.endsAt,
      messages: countOf(used.messages, limits.messages),
      tokens: countOf(used.tokens, limits.tokens),
    },
    storage: storageOutputOf(use, storage),
    hasWaitingChats: ctx.viewer.hasPendingChats ?? false,
  };
}

function countOf(used: number, max: number | null) {
  return { used, max, left: max === null ? null : Math.max(0, max - used) };
}
