import type { Context, UserContext } from "../../../context.ts";
import type { ViewerOutput } from "../../../contracts/auth.ts";
import { AppError } from "../../../errors.ts";
import { logSecurityEvent } from "../../../platform/security-log.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { visitorSettings } from "../../../platform/site-settings.ts";
import type { Viewer } from "../../../viewer.ts";
import { admitGuest } from "../../limits/guests/admit-guest.ts";
import type { StoredFacts } from "../../limits/stored-limits.ts";
import { cookieTarget, setSessionCookie } from "../session/cookie.ts";
import { sessionLifeMs, sessionRow, ticketGuest } from "../session/session.ts";
import { newSessionToken } from "../session/session-token.ts";
import { countGuest } from "../tries/tries.ts";
import { verifyVisitor } from "../turnstile/verify-visitor.ts";
import { toViewerOutput } from "../viewer-output.ts";
import { insertGuest } from "./guest-queries.ts";
import { formatGuestTicket } from "./guest-ticket.ts";

/**
 * Starts a guest's session in this browser. A browser that has a session keeps it.
 *
 * @throws AppError FORBIDDEN when the operator has turned guests off; RATE_LIMITED
 */
export async function startGuest(ctx: Context, turnstileToken?: string): Promise<ViewerOutput> {
  return toViewerOutput(ctx.viewer ?? (await startGuestSession(ctx, turnstileToken)));
}

/**
 * Gives this browser a guest's ticket. The database learns of the guest with the first message, or
 * now when Turnstile is on: anyone could make up a ticket, so only a row shows that a visitor has
 * passed the check.
 *
 * @throws AppError FORBIDDEN when the operator has turned guests off; RATE_LIMITED; what
 *   `verifyVisitor` throws
 */
async function startGuestSession(
  ctx: Context,
  turnstileToken: string | undefined,
): Promise<Omit<Viewer, keyof StoredFacts>> {
  const { turnstile } = settingsOf(ctx.env);
  if (!(await visitorSettings(ctx)).canStartGuest) {
    const message = "Guest access is turned off. Sign up or log in.";
    throw new AppError("FORBIDDEN", message);
  }
  await countGuest(ctx, "start");
  await verifyVisitor(ctx, turnstileToken);
  const token = newSessionToken();
  const guest = ticketGuest(token);
  if (turnstile) await writeGuest(ctx, guest, token);
  setSessionCookie(cookieTarget(ctx), formatGuestTicket(token), sessionLifeMs / 1000);
  logSecurityEvent(ctx, "auth.guest_started", { accountId: guest.userId });
  return guest;
}

/**
 * Creates the row of a guest who is about to write for the first time, and the session that the
 * guest's ticket names. Code that creates content calls this first. Does nothing for other viewers.
 * Safe to run again.
 *
 * @throws AppError RATE_LIMITED, also when today’s budget of new guests is used up;
 *   UNAUTHENTICATED when the session has ended meanwhile
 */
export async function keepGuest(ctx: UserContext): Promise<void> {
  const { ticket } = ctx.viewer;
  if (!ticket) return;
  await countGuest(ctx, "row");
  await writeGuest(ctx, ctx.viewer, ticket);
}

async function writeGuest(
  ctx: Context,
  { userId, contentShard }: Pick<Viewer, "userId" | "contentShard">,
  ticket: NonNullable<Viewer["ticket"]>,
): Promise<void> {
  await admitGuest(ctx, userId);
  const session = sessionRow(ticket, { userId, userAgent: ctx.request.userAgent });
  const isThere = await insertGuest(ctx.home, { userId, contentShard }, session);
  if (!isThere) throw new AppError("UNAUTHENTICATED", "Log in to continue.");
}
