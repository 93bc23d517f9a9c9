import type { UserContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import type { Viewer } from "../../viewer.ts";
import { guestLimitsOf } from "./guests/guest-budget.ts";
import type { DayLimitReached, DayLimits, Taken, TurnLimits } from "./quota.ts";

/** Counts turns against their owners' days. Reading an answer costs nothing. */
export interface TurnCount {
  /**
   * Counts a turn, before it writes anything and before it calls a model.
   *
   * @throws when the user's object cannot be reached; it is then unknown whether the turn counts
   */
  take(userId: string, turnId: string, limits: TurnLimits): Promise<Taken>;
  /**
   * Uncounts a turn that has not called a model and never will. Does nothing for a turn that does
   * not count, so that it may be called again.
   */
  giveBack(userId: string, turnId: string): Promise<void>;
}

export function turnCountOf(env: Env): TurnCount {
  return {
    take: async (userId, turnId, limits) => userObject(env, userId).takeTurn(turnId, limits),
    giveBack: async (userId, turnId) => userObject(env, userId).giveBackTurn(turnId),
  };
}

/** The limits that a turn is held against: the viewer's day, and for a guest those of guests. */
export function turnLimitsOf(ctx: UserContext, day: DayLimits): TurnLimits {
  return ctx.viewer.isGuest ? { ...day, guests: guestLimitsOf(ctx) } : day;
}

/** The RATE_LIMITED error for a limit of the day that is used up. */
export function dayLimitError(
  { of, what, endsAt }: DayLimitReached,
  { isGuest }: Pick<Viewer, "isGuest">,
  { messages }: Pick<DayLimits, "messages">,
): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil((endsAt - systemClock()) / 1000));
  if (of) {
    const who = of === "address" ? "Guests on your network" : "Our guests";
    const message = `${who} have reached today’s limit. Sign up to keep chatting, or come back after midnight (UTC).`;
    const detail = `${what} of ${of}`;
    return new AppError("RATE_LIMITED", message, { limit: "guests", retryAfterSeconds, detail });
  }
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
