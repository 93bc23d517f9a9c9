import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { changePasswordInput } from "../../contracts/auth.ts";
import { AppError } from "../../errors.ts";
import { logAuthEvent } from "./auth-events.ts";
import { hashPassword, verifyPassword } from "./credentials/password.ts";
import { refuseWeakPassword } from "./credentials/weak-password.ts";
import { findPasswordHash, storeNewPassword } from "./queries.ts";
import { cookieTarget, setSessionCookie } from "./session/cookie.ts";
import { closeEnded } from "./session/end-access.ts";
import { sessionLifeMs } from "./session/session.ts";
import { formatSessionToken, hashSecret, newSessionToken } from "./session/session-token.ts";
import { asTry, forgetBrowsers } from "./tries/tries.ts";

type Change = z.infer<typeof changePasswordInput>;

/** An account's viewer in a browser. */
interface Owner {
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
}

/**
 * Changes the viewer's password, and ends the sessions of all other browsers. This browser's cookie
 * gets a new secret, so that a copy of the old one opens nothing. Other browsers count as strangers
 * to the account from then on. API tokens stay unless the viewer asks for their end.
 *
 * @throws AppError INVALID with the field, when the current password is wrong or the new one is too
 *   easy to guess or the same; RATE_LIMITED after too many wrong ones
 */
export async function changePassword(ctx: UserContext, change: Change): Promise<null> {
  const { userId, email, name, sessionId } = ctx.viewer;
  if (email === null || sessionId === null) {
    throw new AppError("FORBIDDEN", "Sign up or log in to do this.");
  }
  await refuseWeakPassword(change.newPassword, { email, name }, "newPassword");
  const owner = { userId, email, sessionId };
  const isDone = await asTry(ctx, { email, sessionId }, () => replacePassword(ctx, owner, change));
  if (!isDone) {
    logAuthEvent(ctx, "auth.password_change_failed", userId);
    throw invalid("currentPassword", "This isn’t your current password.");
  }
  return null;
}

/** @returns null when the current password is wrong */
async function replacePassword(
  ctx: UserContext,
  { userId, email, sessionId }: Owner,
  { currentPassword, newPassword, revokeTokens }: Change,
): Promise<true | null> {
  const oldHash = await findPasswordHash(ctx.home, userId);
  const { isRight } = await verifyPassword(currentPassword, oldHash);
  if (!isRight || oldHash === null) return null;
  if (newPassword.normalize("NFC") === currentPassword.normalize("NFC")) {
    throw invalid("newPassword", "This is your current password. Use another one.");
  }
  const token = { id: sessionId, secret: newSessionToken().secret };
  const ended = await storeNewPassword(ctx.home, {
    userId,
    oldHash,
    newHash: await hashPassword(newPassword),
    kept: { id: sessionId, secretHash: hashSecret(token.secret) },
    withTokens: revokeTokens,
  });
  if (!ended) {
    throw new AppError("CONFLICT", "Your password was just changed elsewhere. Reload the page.");
  }
  setSessionCookie(cookieTarget(ctx), formatSessionToken(token), sessionLifeMs / 1000);
  const facts = { sessions: ended.sessionIds.length, tokens: ended.tokenIds.length };
  // First, because the password has changed even if one of the objects below cannot be reached.
  logAuthEvent(ctx, "auth.password_changed", userId, facts);
  await closeEnded(ctx, userId, ended);
  // Before this browser is remembered, at the end of the try.
  await forgetBrowsers(ctx, email);
  return true;
}

function invalid(field: keyof Change, message: string): AppError {
  return new AppError("INVALID", message, { fields: { [field]: message } });
}
