import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { logInInput, ViewerOutput } from "../../contracts/auth.ts";
import { AppError } from "../../errors.ts";
import type { LogFields } from "../../platform/log.ts";
import { settingsOf } from "../../platform/settings.ts";
import { carryPending, guestToCarry } from "../carry/carry-guest.ts";
import { logAuthEvent } from "./auth-events.ts";
import { hashPassword, verifyPassword } from "./credentials/password.ts";
import { findUserByEmail, promoteToAdmin, replacePasswordHash } from "./queries.ts";
import { isNamedAdmin } from "./roles.ts";
import { cookieTarget } from "./session/cookie.ts";
import { closeOpened } from "./session/end-access.ts";
import { startSession } from "./session/session.ts";
import { asTry, countLogIn } from "./tries/tries.ts";
import { toViewerOutput } from "./viewer-output.ts";

type Account = NonNullable<Awaited<ReturnType<typeof findUserByEmail>>>;
type Credentials = z.infer<typeof logInInput>;

/** The user of a session that is about to start, by password or by sign-up. */
export type EnteringUser = Omit<Account, "passwordHash">;

/**
 * Logs in with email and password.
 *
 * @throws AppError RATE_LIMITED; UNAUTHENTICATED, the same for an unknown address, a wrong
 *   password, an account without a password, and a disabled account
 */
export async function logIn(ctx: Context, input: Credentials): Promise<ViewerOutput> {
  await countLogIn(ctx);
  const guess = { email: input.email, sessionId: null };
  const viewer = await asTry(ctx, guess, () => enterWithPassword(ctx, input));
  if (!viewer) throw new AppError("UNAUTHENTICATED", "Incorrect email or password.");
  return viewer;
}

/**
 * Starts a session for the account with these credentials.
 *
 * @returns null when there is none
 */
export async function enterWithPassword(
  ctx: Context,
  credentials: Credentials,
): Promise<ViewerOutput | null> {
  const account = await checkCredentials(ctx, credentials);
  if (!account) return null;
  return await enter(ctx, await promoteIfNamed(ctx, account), "auth.logged_in");
}

/**
 * Finds the account with these credentials. Does the same work whether it exists or not, so that
 * the response time reveals nothing.
 */
async function checkCredentials(
  ctx: Context,
  { email, password }: Credentials,
): Promise<Account | null> {
  const account = await findUserByEmail(ctx.home, email);
  const oldHash = account?.passwordHash ?? null;
  const verdict = await verifyPassword(password, oldHash);
  if (!account || !verdict.isRight || account.disabledAt !== null) {
    logAuthEvent(ctx, "auth.login_failed", account?.userId ?? null);
    return null;
  }
  if (verdict.needsRehash && oldHash !== null) {
    const newHash = await hashPassword(password);
    await replacePasswordHash(ctx.home, { userId: account.userId, oldHash, newHash });
  }
  return account;
}

async function promoteIfNamed(ctx: Context, account: Account): Promise<Account> {
  const { email, emailVerifiedAt, role, userId } = account;
  if (role === "admin" || email === null) return account;
  const facts = { email, emailVerifiedAt, isLocalSignUp: false };
  if (!isNamedAdmin(facts, settingsOf(ctx.env).adminEmails)) return account;
  await promoteToAdmin(ctx.home, userId);
  return { ...account, role: "admin" };
}

/**
 * Starts a session after a login or a sign-up, and moves the browser's guest chats
 * to the account.
 *
 * @param event what to log, with `fields` and the new session's id
 */
export async function enter(
  ctx: Context,
  user: EnteringUser,
  event: "auth.logged_in" | "auth.signed_up",
  fields: LogFields = {},
): Promise<ViewerOutput> {
  const guestId = guestToCarry(ctx.viewer, user);
  const { userId } = user;
  const sessionId = await startSession(ctx.home, cookieTarget(ctx), {
    userId,
    userAgent: ctx.request.userAgent,
    replacedSessionId: ctx.viewer?.sessionId ?? null,
    guestId,
  });
  await endReplaced(ctx, { userId, sessionId });
  if (guestId !== null) {
    logAuthEvent(ctx, "auth.guest_carried", user.userId, { guestId });
    // The session has started. If this fails, its first request tries again.
    await carryPending(ctx, userId).catch((error) => ctx.log.error("carry.move_failed", error));
  }
  logAuthEvent(ctx, event, userId, { ...fields, newSessionId: sessionId });
  return toViewerOutput({ ...user, isGuest: user.isGuest === 1 });
}

/**
 * Ends what this browser's earlier session has opened. When a guest becomes the account, or the same
 * user logs in again, reading goes on with the new session.
 */
async function endReplaced(
  ctx: Context,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<void> {
  const before = ctx.viewer;
  if (!before || before.sessionId === null) return;
  const replacedBy = before.userId === userId ? (`session:${sessionId}` as const) : undefined;
  await closeOpened(ctx, before.userId, [before.credential], replacedBy);
}
