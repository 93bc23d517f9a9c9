import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import type { Viewer } from "../../viewer.ts";
import type { DayLimitReached, DayLimits, Taken } from "./quota.ts";

/** Counts turns against their owners' days. Reading an answer costs nothing. */
export interface TurnCount {
  /**
   * Counts a turn, before it writes anything and before it calls a model.
   *
   * @throws when the user's object cannot be reached; it is then unknown whether the turn counts
   */
  take(userId: string, turnId: string, limits: DayLimits): Promise<Taken>;
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

/** The RATE_LIMITED error for a limit of the day that is used up. */
export function dayLimitError(
  { what, endsAt }: DayLimitReached,
  { isGuest }: Viewer,
  { messages }: DayLimits,
): AppError {
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
    { limit: "day", retryAfterSeconds: Math.max(1, Math.ceil((endsAt - systemClock()) / 1000)) },
  );
}
