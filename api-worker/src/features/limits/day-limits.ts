import type { UserContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { inTime } from "../../platform/in-time.ts";
import { userObject } from "../../platform/user-object.ts";
import { endOfUtcDay } from "../../platform/utc-day.ts";
import type { Viewer } from "../../viewer.ts";
import type { CostHold } from "./costs.ts";
import { guestLimitsOf } from "./guests/guest-budget.ts";
import type { DayLimitReached, DayLimits, Taken, TurnLimits } from "./quota.ts";
import { siteBudget, siteLimitsOf } from "./site/site-budget.ts";
import type { Hold, SiteVerdict, TurnUse } from "./site/site-ledger.ts";

/** A turn as it is counted. */
export interface CountedTurn {
  readonly turnId: string;
  readonly userId: string;
  /** Whether it counts against the budget of the site. */
  readonly isBudgeted: 0 | 1;
}

/** Counts turns against their owners' days. Reading an answer costs nothing. */
export interface TurnCount {
  /**
   * Counts a turn, before it writes anything and before it calls a model: against the user's limits,
   * and with a budget of the site there too.
   *
   * @param countId the turn's id, or that of one of its restarts
   * @param hold what it is going to use and to cost
   * @throws when the user's object cannot be reached; it is then unknown whether the turn counts
   */
  take(turn: CountedTurn, countId: string, limits: TurnLimits, hold: Hold): Promise<Taken>;
  /**
   * Uncounts a turn that has not called a model and never will. Does nothing for a turn that does
   * not count, so that it may be called again. The budget of the site may keep an estimate that it
   * could not be told to drop.
   *
   * @throws when the user's object cannot be reached
   */
  giveBack(turn: CountedTurn, countId: string): Promise<void>;
  /**
   * Tells the budget of the site what a turn has used. It may be called again.
   *
   * @throws when the budget cannot be reached; it finds the use in D1 then
   */
  settle(turnId: string, use: TurnUse): Promise<void>;
}

export function turnCountOf(env: Env): TurnCount {
  const giveBackToSite = (countId: string) =>
    inTime(siteBudget(env).giveBack(countId)).catch(() => undefined);
  return {
    take: async ({ userId }, countId, { site, ...own }, hold) => {
      const taken = await userObject(env, userId).takeTurn(countId, own, costHoldOf(hold));
      if (taken.kind === "refused" || !site) return taken;
      const refusal = await takeFromSite(env, countId, hold, site);
      if (!refusal) return taken;
      await userObject(env, userId).giveBackTurn(countId);
      // It may count there all the same.
      if (refusal.site === "unreachable") void giveBackToSite(countId);
      return refusal;
    },
    giveBack: async ({ userId, isBudgeted }, countId) => {
      await userObject(env, userId).giveBackTurn(countId);
      if (isBudgeted) await giveBackToSite(countId);
    },
    settle: (turnId, use) => inTime(siteBudget(env).settle(turnId, use)),
  };
}

/** What a user's own limits count of a turn. The name of a chat is the site's. */
function costHoldOf({ turnId, cost }: Hold): CostHold | undefined {
  return cost && { turnId, nanos: cost.answerNanos };
}

/** Whether a limit in money applies to a turn. */
export function hasCostLimit({ costNanos, monthCostNanos, site }: TurnLimits): boolean {
  return costNanos != null || monthCostNanos != null || site?.costNanos !== undefined;
}

/**
 * Counts a turn against the budget of the site. When the budget cannot be asked the turn is refused:
 * a limit that opens when it breaks is none.
 *
 * @returns null when the turn may start
 */
async function takeFromSite(
  env: Env,
  countId: string,
  hold: Hold,
  limits: NonNullable<TurnLimits["site"]>,
): Promise<DayLimitReached | null> {
  const refusal = { kind: "refused", what: "tokens" } as const;
  const ask = async (): Promise<SiteVerdict> => siteBudget(env).take(countId, hold, limits);
  try {
    const verdict = await inTime(ask());
    if (verdict.kind === "taken") return null;
    return { ...refusal, site: "used-up", endsAt: verdict.endsAt };
  } catch {
    return { ...refusal, site: "unreachable", endsAt: endOfUtcDay(systemClock()) };
  }
}

/**
 * The limits that a turn is held against: the viewer's day, the budget of the site, and for a guest
 * the budgets of guests.
 */
export function turnLimitsOf(ctx: UserContext, day: DayLimits): TurnLimits {
  const site = siteLimitsOf(ctx.env, ctx.viewer.storedSettings);
  return {
    ...day,
    ...(site && { site }),
    ...(ctx.viewer.isGuest && { guests: guestLimitsOf(ctx) }),
  };
}

/**
 * The error for a limit of the day that is used up: RATE_LIMITED, or UPSTREAM_FAILED when the budget
 * of the site could not be asked.
 */
export function dayLimitError(
  { of, what, site, cost, endsAt }: DayLimitReached,
  { isGuest }: Pick<Viewer, "isGuest">,
  { messages }: Pick<DayLimits, "messages">,
): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil((endsAt - systemClock()) / 1000));
  if (site === "unreachable") {
    const message = "We couldn’t check today’s budget of this site. Try again in a moment.";
    return new AppError("UPSTREAM_FAILED", message, { detail: "the site's budget" });
  }
  if (site) {
    const message =
      "Today’s budget of this site is used up. Come back after midnight (UTC), or ask an administrator to raise it.";
    return new AppError("RATE_LIMITED", message, {
      limit: "site",
      retryAfterSeconds,
      detail: what,
    });
  }
  if (of) {
    const who = of === "address" ? "Guests on your network" : "Our guests";
    const message = `${who} have reached today’s limit. Sign up to keep chatting, or come back after midnight (UTC).`;
    const detail = `${what} of ${of}`;
    return new AppError("RATE_LIMITED", message, { limit: "guests", retryAfterSeconds, detail });
  }
  if (cost) return costLimitError(cost, endsAt, retryAfterSeconds, isGuest);
  const amount =
    what === "tokens"
      ? "all your tokens"
      : messages === 1
        ? "your 1 message"
        : `all ${messages} messages`;
  const way = isGuest ? "Sign up to keep chatting, or come back" : "You can continue";
  return new AppError(
    "RATE_LIMITED",
    `You’ve used ${amount} for today. ${way} after midnight (UTC).`,
    { limit: "day", retryAfterSeconds, detail: what },
  );
}

const monthDay = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", timeZone: "UTC" });

function costLimitError(
  of: "day" | "month",
  endsAt: number,
  retryAfterSeconds: number,
  isGuest: boolean,
): AppError {
  const span = of === "day" ? "today’s" : "this month’s";
  const back = of === "day" ? "after midnight (UTC)" : `on ${monthDay.format(endsAt)} (UTC)`;
  const way = isGuest ? "Sign up to keep chatting, or come back" : "You can continue";
  return new AppError("RATE_LIMITED", `You’ve used up ${span} budget. ${way} ${back}.`, {
    limit: of === "day" ? "day-budget" : "month-budget",
    retryAfterSeconds,
    detail: "cost",
  });
}
