import { runBatch } from "db";
import type { z } from "zod";
import type { OwnerContext, UserContext } from "../../context.ts";
import type { UsageOutput, usageInput } from "../../contracts/usage.ts";
import { ownerOf } from "../../owner-context.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import { endOfUtcMonth, utcDay, utcDayBefore } from "../../platform/utc-day.ts";
import { type Limits, limitsOf } from "../limits/limits-of.ts";
import { storageOutputOf, storageUseQuery } from "../limits/storage.ts";
import { listUsageQuery } from "./usage-queries.ts";

/** The viewer's usage by day and model, what is left of today, and what is stored. */
export async function getUsage(
  ctx: UserContext,
  { days }: z.infer<typeof usageInput>,
): Promise<UsageOutput> {
  const usage = await readUsage(ownerOf(ctx), limitsOf(ctx.env, ctx.viewer), days);
  return { ...withoutCosts(usage), hasWaitingChats: ctx.viewer.hasPendingChats ?? false };
}

type Usage = Omit<UsageOutput, "hasWaitingChats">;

/** A viewer without a limit in money is not told what answers cost: all costs are 0. */
function withoutCosts(usage: Usage): Usage {
  const { items, today, month } = usage;
  if (today.cost.max !== null || month.cost.max !== null) return usage;
  return {
    ...usage,
    items: items.map((item) => ({ ...item, costNanos: 0 })),
    today: { ...today, cost: countOf(0, null) },
    month: { ...month, cost: countOf(0, null) },
  };
}

/** The usage of an owner. @param days to look back, today included */
export async function readUsage(
  { env, content, userId }: OwnerContext,
  { day: limits, storage }: Limits,
  days: number,
): Promise<Usage> {
  const now = systemClock();
  const fromDay = utcDayBefore(now, days - 1);
  const [[items, [use]], used] = await Promise.all([
    runBatch(content, [
      listUsageQuery(content, { userId, fromDay }),
      storageUseQuery(content, userId),
    ]),
    userObject(env, userId).readToday(),
  ]);
  return {
    items,
    today: {
      day: utcDay(now),
      endsAt: used.endsAt,
      messages: countOf(used.messages, limits.messages),
      tokens: countOf(used.tokens, limits.tokens),
      cost: countOf(used.cost?.dayNanos ?? 0, limits.costNanos ?? null),
    },
    month: {
      endsAt: endOfUtcMonth(now),
      cost: countOf(used.cost?.monthNanos ?? 0, limits.monthCostNanos ?? null),
    },
    storage: storageOutputOf(use, storage),
  };
}

function countOf(used: number, max: number | null) {
  return { used, max, left: max === null ? null : Math.max(0, max - used) };
}
