import type { z } from "zod";
import type { Context, UserContext } from "../../context.ts";
import type { logInInput, SessionOutput, signUpInput, ViewerOutput } from "../../contracts/auth.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { isLocalRequest } from "../../platform/local-machine.ts";
import { settingsOf } from "../../platform/settings.ts";
import { carryPending, guestToCarry } from "../carry/carry-guest.ts";
import { hashPassword, verifyPassword } from "./credentials/password.ts";
import { countLogIn, countSignUp } from "./credentials/tries.ts";
import { startGuestSession } from "./guest/guests.ts";
import {
  deleteSession,
  findUserByEmail,
  insertAccount,
  listSessionsQuery,
  promoteToAdmin,
  replacePasswordHash,
} from "./queries.ts";
import { isNamedAdmin } from "./roles.ts";
import { endSession, startSession } from "./session/session.ts";

type Account = NonNullable<Awaited<ReturnType<typeof findUserByEmail>>>;
type Credentials = z.infer<typeof logInInput>;

/**
 * Makes an account and logs in; a guest becomes the account, with all chats. For an address that has one already this is a login: the right
 * password opens it, any other gets the sentence of a refused sign-up.
 *
 * @throws AppError RATE_LIMITED; INVALID when the address is taken and the password is not its
 */
export async function signUp(
  ctx: Context,
  input: z.infer<typeof signUpInput>,
): Promise<ViewerOutput> {
  await countSignUp(ctx, input.email);
  const existing = await findUserByEmail(ctx.home, input.email);
  if (!existing) {
    const created = await createAccount(ctx, input);
    if (created) return enter(ctx, created);
  }
  const account = await checkCredentials(ctx, input);
  if (account) return enter(ctx, await promoteIfNamed(ctx, account));
  throw new AppError(
    "INVALID",
    "We could not create this account. If you already have one, log in.",
    { detail: "address is taken" },
  );
}

/** @returns null when another request made an account for the same address meanwhile */
async function createAccount(
  ctx: Context,
  { email, password, name }: z.infer<typeof signUpInput>,
): Promise<Omit<Account, "passwordHash"> | null> {
  // A guest becomes the account: chats, and an answer that is under way, stay where they are.
  const guest = ctx.viewer?.isGuest ? ctx.viewer : null;
  const userId = guest?.userId ?? newId();
  const isLocalSignUp = isLocalRequest(ctx.request);
  const facts = { email, emailVerifiedAt: null, isLocalSignUp };
  const user = {
    email,
    name: name ?? null,
    role: isNamedAdmin(facts, settingsOf(ctx.env).adminEmails)
      ? ("admin" as const)
      : ("user" as const),
    isGuest: 0 as const,
    contentShard: guest?.contentShard ?? 0,
    emailVerifiedAt: null,
    disabledAt: null,
  };
  const passwordHash = await hashPassword(password);
  const row = { ...user, id: userId, passwordHash, createdAt: systemClock() };
  return (await insertAccount(ctx.home, row)) ? { ...user, userId } : null;
}

/**
 * Logs in with e-mail and password.
 *
 * @throws AppError RATE_LIMITED; UNAUTHENTICATED, the same for an unknown address, a wrong
 *   password, an account without one, and a disabled account
 */
export async function logIn(ctx: Context, input: Credentials): Promise<ViewerOutput> {
  await countLogIn(ctx, input.email);
  const account = await checkCredentials(ctx, input);
  if (!account) throw new AppError("UNAUTHENTICATED", "The e-mail or the password is not right.");
  return enter(ctx, await promoteIfNamed(ctx, account));
}

/** Finds the account that the credentials open, with the same work whether there is one or not. */
async function checkCredentials(
  ctx: Context,
  { email, password }: Credentials,
): Promise<Account | null> {
  const account = await findUserByEmail(ctx.home, email);
  const oldHash = account?.passwordHash ?? null;
  const verdict = await verifyPassword(password, oldHash);
  if (!account || !verdict.isRight || account.disabledAt !== null) return null;
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

/** Starts the session of someone who has proved who they are. */
async function enter(ctx: Context, user: Omit<Account, "passwordHash">): Promise<ViewerOutput> {
  const guestId = guestToCarry(ctx.viewer, user);
  await startSession(ctx.home, answerOf(ctx), {
    userId: user.userId,
    userAgent: ctx.request.userAgent,
    replacedSessionId: ctx.viewer?.sessionId ?? null,
    guestId,
  });
  if (guestId !== null) {
    // The session is there. What fails here is taken up by its first request.
    await carryPending(ctx, user.userId).catch((error) => ctx.log.error("carry guest", error));
  }
  return toOutput({ ...user, isGuest: user.isGuest === 1 });
}

/** Logs this browser out. Nobody may do it too: the outcome is the same. */
export async function logOut(ctx: Context): Promise<null> {
  const { viewer } = ctx;
  if (viewer && viewer.sessionId !== null) {
    const { userId, sessionId } = viewer;
    await endSession(ctx.home, answerOf(ctx), { userId, sessionId });
  }
  return null;
}

/**
 * Starts a guest's session in this browser. Who has a session goes on with it.
 *
 * @throws AppError FORBIDDEN where the operator wants no guests; RATE_LIMITED
 */
export async function startGuest(ctx: Context): Promise<ViewerOutput> {
  return toOutput(ctx.viewer ?? (await startGuestSession(ctx)));
}

/** Who is asking; null for nobody. */
export async function me(ctx: Context): Promise<ViewerOutput | null> {
  return ctx.viewer && toOutput(ctx.viewer);
}

/** Where the viewer is logged in, the last used first. */
export async function listSessions(ctx: UserContext): Promise<{ items: SessionOutput[] }> {
  const { userId, sessionId } = ctx.viewer;
  const rows = await listSessionsQuery(ctx.home, { userId, now: systemClock() }).execute();
  return { items: rows.map((row) => ({ ...row, isCurrent: row.id === sessionId })) };
}

/**
 * Logs one of the viewer's browsers out.
 *
 * @throws AppError NOT_FOUND, the same for a session of another user and for none
 */
export async function revokeSession(
  ctx: UserContext,
  { sessionId }: { sessionId: string },
): Promise<null> {
  const { viewer } = ctx;
  if (sessionId === viewer.sessionId) return logOut(ctx);
  if (!(await deleteSession(ctx.home, { userId: viewer.userId, sessionId }))) {
    throw notFound("session");
  }
  return null;
}

function answerOf(ctx: Context) {
  return { url: ctx.request.url, resHeaders: ctx.resHeaders };
}

function toOutput(user: {
  userId: string;
  email: string | null;
  name: string | null;
  role: ViewerOutput["role"];
  isGuest: boolean;
}): ViewerOutput {
  const { userId: id, email, name, role, isGuest } = user;
  return { id, email, name, role, isGuest };
}
