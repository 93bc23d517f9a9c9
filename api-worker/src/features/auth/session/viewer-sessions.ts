/** The viewer's sessions, one per logged-in browser. */
import type { HomeDb } from "db";
import type { Context, UserContext } from "../../../context.ts";
import type { SessionOutput } from "../../../contracts/auth.ts";
import { notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { logAuthEvent } from "../auth-events.ts";
import { listSessionsQuery } from "../queries.ts";
import { forgetBrowsers } from "../tries/tries.ts";
import { clearSessionCookie, cookieTarget } from "./cookie.ts";
import { endEverything, endOtherSessions, endSession } from "./end-access.ts";

/** Lists the viewer's sessions, last used first. */
export async function listSessions(ctx: UserContext): Promise<{ items: SessionOutput[] }> {
  const { userId, sessionId } = ctx.viewer;
  const rows = await listSessionsOf(ctx.home, userId);
  return { items: rows.map((row) => ({ ...row, isCurrent: row.id === sessionId })) };
}

/** Lists a user's sessions, last used first. */
export function listSessionsOf(home: HomeDb, userId: string) {
  return listSessionsQuery(home, { userId, now: systemClock() }).execute();
}

/**
 * Logs out one of the viewer's browsers.
 *
 * @throws AppError NOT_FOUND, the same for another user's session and for a missing one
 */
export async function revokeSession(
  ctx: UserContext,
  { sessionId }: { sessionId: string },
): Promise<null> {
  const { viewer } = ctx;
  if (sessionId === viewer.sessionId) return logOut(ctx);
  if (!(await endSession(ctx, { userId: viewer.userId, sessionId }))) {
    throw notFound("session");
  }
  logAuthEvent(ctx, "auth.sessions_ended", viewer.userId, { which: "one" });
  return null;
}

/** Logs out all of the viewer's browsers but this one. API tokens stay. */
export async function revokeOtherSessions(ctx: UserContext): Promise<null> {
  const { userId, sessionId } = ctx.viewer;
  await endOtherSessions(ctx, { userId, keptSessionId: sessionId });
  logAuthEvent(ctx, "auth.sessions_ended", userId, { which: "others" });
  return null;
}

/**
 * Logs out all of the viewer's browsers, this one too, and revokes all API tokens. The browsers
 * count as strangers to the account from then on.
 */
export async function revokeAllAccess(ctx: UserContext): Promise<null> {
  const { userId, email } = ctx.viewer;
  await endEverything(ctx, userId);
  clearSessionCookie(cookieTarget(ctx));
  logAuthEvent(ctx, "auth.sessions_ended", userId, { which: "all" });
  if (email !== null) await forgetBrowsers(ctx, email);
  return null;
}

/** Logs this browser out. Callers without a session may call it too: the outcome is the same. */
export async function logOut(ctx: Context): Promise<null> {
  const { viewer } = ctx;
  if (viewer && viewer.sessionId !== null) {
    const { userId, sessionId } = viewer;
    await endSession(ctx, { userId, sessionId });
    clearSessionCookie(cookieTarget(ctx));
    logAuthEvent(ctx, "auth.logged_out", userId);
  }
  return null;
}
