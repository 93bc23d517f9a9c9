/** The viewer's sessions, one per logged-in browser. */
import type { Context, UserContext } from "../../../context.ts";
import type { SessionOutput } from "../../../contracts/auth.ts";
import { notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { listSessionsQuery } from "../queries.ts";
import { clearSessionCookie, cookieTarget } from "./cookie.ts";
import { endSession } from "./end-access.ts";

/** Lists the viewer's sessions, last used first. */
export async function listSessions(ctx: UserContext): Promise<{ items: SessionOutput[] }> {
  const { userId, sessionId } = ctx.viewer;
  const rows = await listSessionsQuery(ctx.home, { userId, now: systemClock() }).execute();
  return { items: rows.map((row) => ({ ...row, isCurrent: row.id === sessionId })) };
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
  return null;
}

/** Logs this browser out. Callers without a session may call it too: the outcome is the same. */
export async function logOut(ctx: Context): Promise<null> {
  const { viewer } = ctx;
  if (viewer && viewer.sessionId !== null) {
    const { userId, sessionId } = viewer;
    await endSession(ctx, { userId, sessionId });
    clearSessionCookie(cookieTarget(ctx));
  }
  return null;
}
