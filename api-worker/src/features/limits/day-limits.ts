import type { UserContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { userObject } from "../../platform/user-object.ts";
import type { Viewer } from "../../viewer.ts";
import { limitsOf } from "./limits-of.ts";
import type { DayLimits, Taken } from "./quota.ts";

/**
 * Counts a message against the viewer's day and starts its turn. When nothing new was started, the
 * message is not counted. When `start` fails, it is unknown whether a turn has started, so the
 * message stays counted; sending it again with the same key does not count a second one.
 *
 * @param key the same for the same message
 * @throws AppError RATE_LIMITED until the day ends; what `start` throws
 */
export async function countMessage<
  Result extends { readonly kind: string; readonly isRepeat?: boolean },
>(ctx: UserContext, key: string, start: () => Promise<Result>): Promise<Result> {
  const limits = limitsOf(ctx.env, ctx.viewer).day;
  const taken = await userObject(ctx.env, ctx.viewer.userId).takeMessage(key, limits);
  if (taken.kind === "refused") throw refusal(taken, ctx.viewer, limits);
  const result = await start();
  if (result.kind !== "started" || result.isRepeat) {
    await userObject(ctx.env, ctx.viewer.userId).giveBackMessage(key);
  }
  return result;
}

function refusal(
  { what, endsAt }: Extract<Taken, { kind: "refused" }>,
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
