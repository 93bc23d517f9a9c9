/**
 * A new password with a link that the operator has made (`pnpm user:reset`). The link holds a token
 * like that of a session: an id, which finds the row, and a secret, of which the row has the hash.
 */
import type { z } from "zod";
import type { Context } from "../../../context.ts";
import type { resetPasswordInput, ViewerOutput } from "../../../contracts/auth.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { logAuthEvent } from "../auth-events.ts";
import { hashPassword } from "../credentials/password.ts";
import { refuseWeakPassword } from "../credentials/weak-password.ts";
import { enter } from "../log-in.ts";
import { closeEnded } from "../session/end-access.ts";
import { isSecretOf, parseSessionToken } from "../session/session-token.ts";
import { countLogIn, forgetBrowsers, knowBrowser } from "../tries/tries.ts";
import { findReset, storeResetPassword } from "./reset-queries.ts";

type Reset = z.infer<typeof resetPasswordInput>;

/**
 * Stores the password that a user has chosen with a link, which works once. All sessions of the user
 * end, other browsers count as strangers to the account, and this browser is logged in: failed
 * logins before it must not keep the user waiting. The browser's guest chats move along, as at a
 * login. API tokens stay unless the user asks for their end.
 *
 * @throws AppError RATE_LIMITED; INVALID with the field when the password is too easy to guess;
 *   INVALID for a link that is not good, the same whether it was used, replaced, has expired, never
 *   existed, or its account is disabled
 */
export async function resetPassword(
  ctx: Context,
  { token, newPassword, revokeTokens }: Reset,
): Promise<ViewerOutput> {
  await countLogIn(ctx);
  const parsed = parseSessionToken(token);
  const reset = parsed && (await findReset(ctx.home, parsed.id));
  if (!parsed || !reset || !isSecretOf(parsed.secret, reset.secretHash)) throw refusal(ctx, null);
  const { userId, email, name } = reset;
  const isGood = reset.expiresAt > systemClock() && reset.disabledAt === null && email !== null;
  if (!isGood) throw refusal(ctx, userId);
  await refuseWeakPassword(newPassword, { email, name }, "newPassword");
  const newHash = await hashPassword(newPassword);
  const change = { userId, resetId: parsed.id, newHash, withTokens: revokeTokens };
  const ended = await storeResetPassword(ctx.home, change);
  if (!ended) throw refusal(ctx, userId);
  const facts = { sessions: ended.sessionIds.length, tokens: ended.tokenIds.length };
  // First, because the password has changed even if one of the objects below cannot be reached.
  logAuthEvent(ctx, "auth.password_reset", userId, facts);
  await closeEnded(ctx, userId, ended);
  await forgetBrowsers(ctx, email);
  const viewer = await enter(ctx, reset, "auth.logged_in");
  await knowBrowser(ctx, email);
  return viewer;
}

function refusal(ctx: Context, accountId: string | null): AppError {
  logAuthEvent(ctx, "auth.reset_refused", accountId);
  return new AppError(
    "INVALID",
    "This link doesn’t work anymore. Links for a new password work once and expire: ask your administrator for another one.",
  );
}
