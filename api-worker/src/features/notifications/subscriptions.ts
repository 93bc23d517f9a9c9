import { decodeBase64urlIgnorePadding } from "@oslojs/encoding";
import type { UserContext } from "../../context.ts";
import type { PushSubscribeInput } from "../../contracts/notifications.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { isPushService } from "../../platform/outbound.ts";
import { countTry } from "../../platform/rate-limit.ts";
import { settingsOf } from "../../platform/settings.ts";
import { keepGuest } from "../auth/guest/guests.ts";
import { deleteSubscription, storeSubscription } from "./queries.ts";

/**
 * Stores where this browser gets pushed notifications, in place of what it had before. It ends with
 * the session.
 *
 * @throws AppError INVALID for another server than a push service, for keys that are none, and when
 *   the operator has set no keys; RATE_LIMITED; UNAUTHENTICATED when the session has just ended
 */
export async function subscribe(ctx: UserContext, input: PushSubscribeInput): Promise<null> {
  await countTry(ctx.env.PUSH_BY_USER, ctx.viewer.userId);
  if (!settingsOf(ctx.env).push) {
    throw new AppError("INVALID", "This site doesn’t send notifications to closed browsers.");
  }
  const { endpoint, keys } = input;
  if (!isPushService(endpoint)) {
    throw new AppError("INVALID", "Notifications can’t be sent to this browser’s push service.");
  }
  if (!(await isPublicKey(keys.p256dh))) {
    throw new AppError("INVALID", "This browser’s key for notifications isn’t valid.");
  }
  // A new guest has no session in the database yet.
  await keepGuest(ctx);
  const { userId, sessionId } = ctx.viewer;
  const row = { sessionId: sessionId ?? "", userId, endpoint, ...keys, createdAt: systemClock() };
  if (await storeSubscription(ctx.home, row)) return null;
  throw new AppError("UNAUTHENTICATED", "Log in to continue.");
}

/** Ends pushed notifications in this browser. Does nothing when it has none. */
export async function unsubscribe({ home, viewer }: UserContext): Promise<null> {
  const { userId, sessionId } = viewer;
  if (sessionId !== null) await deleteSubscription(home, { userId, sessionId });
  return null;
}

/** Whether a text is a point on the curve P-256. */
async function isPublicKey(text: string): Promise<boolean> {
  try {
    const bytes = decodeBase64urlIgnorePadding(text);
    const curve = { name: "ECDH", namedCurve: "P-256" };
    await crypto.subtle.importKey("raw", Uint8Array.from(bytes), curve, false, []);
    return true;
  } catch {
    return false;
  }
}
