import type { HomeDb, SessionRow } from "db";
import { systemClock } from "../../../platform/clock.ts";
import type { StoredLimits, Viewer } from "../../../viewer.ts";
import { parseStoredLimits } from "../../limits/stored-limits.ts";
import { guestUserId, parseGuestTicket } from "../guest/guest-ticket.ts";
import {
  type FoundSession,
  findSession,
  findTicketSession,
  insertSession,
  type Replaced,
  updateSessionTimes,
} from "../queries.ts";
import {
  type CookieTarget,
  clearSessionCookie,
  readSessionCookie,
  setSessionCookie,
} from "./cookie.ts";
import {
  formatSessionToken,
  hashSecret,
  isSecretOf,
  newSessionToken,
  parseSessionToken,
  type SessionToken,
} from "./session-token.ts";

const hourMs = 60 * 60 * 1000;
/** How long a browser stays logged in when it does not come back. */
export const sessionLifeMs = 30 * 24 * hourMs;
/** With less than this left, a session is renewed: who comes twice a month stays logged in. */
const renewBelowMs = sessionLifeMs / 2;
/** `lastSeenAt` is this coarse, so that reading does not cost a write each time. */
const lastSeenStepMs = hourMs;
const userAgentMaxLength = 300;

/**
 * Finds out who sent a request from its session cookie, in one query. Renews the session at half
 * of its life, a guest's whenever it is used, with the cookie; and clears a cookie that is good for
 * nothing any more.
 *
 * @param canStartGuest whether a guest's ticket is good for becoming a guest
 * @returns the viewer, or null when there is none (no cookie, unknown, expired or revoked session, disabled user)
 */
export async function authenticate({
  home,
  request,
  url,
  resHeaders,
  canStartGuest,
}: {
  home: HomeDb;
  request: Request;
  url: URL;
  resHeaders: Headers;
  canStartGuest: boolean;
}): Promise<Viewer | null> {
  const text = readSessionCookie(request, url);
  if (text === null) return null;
  const now = systemClock();
  const found = await findByCookie(home, text);
  if (found.kind === "ticket" && canStartGuest) {
    return { ...ticketGuest(found.token), storedLimits: found.storedLimits };
  }
  if (found.kind !== "session" || !isAlive(found, now)) {
    clearSessionCookie({ url, resHeaders });
    return null;
  }
  const { session } = found;
  const isGuest = session.isGuest === 1;
  const renewed = await keepAlive(home, { ...session, isGuest }, now);
  if (renewed) setSessionCookie({ url, resHeaders }, text, sessionLifeMs / 1000);
  const { userId, email, name, role, contentShard, sessionId } = session;
  const hasCarriedChats = session.carriedCount > 0;
  const viewer = { userId, email, name, role, contentShard, isGuest, sessionId, hasCarriedChats };
  const hasPendingChats = session.pendingCount > 0;
  return { ...viewer, scopes: null, hasPendingChats, storedLimits: parseStoredLimits(session) };
}

type Found =
  | { readonly kind: "session"; readonly session: FoundSession; readonly token: SessionToken }
  /** A ticket that has made no guest yet. */
  | {
      readonly kind: "ticket";
      readonly token: SessionToken;
      readonly storedLimits: StoredLimits;
    }
  | { readonly kind: "none" };

async function findByCookie(home: HomeDb, text: string): Promise<Found> {
  const ticket = parseGuestTicket(text);
  if (ticket) {
    const found = await findTicketSession(home, ticket.id, guestUserId(ticket));
    if (found.userId === null) {
      return { kind: "ticket", token: ticket, storedLimits: parseStoredLimits(found) };
    }
    const { sessionId, secretHash, expiresAt, lastSeenAt } = found;
    // The guest is there, and this session is not (any more): it was ended.
    const isThere =
      sessionId !== null && secretHash !== null && expiresAt !== null && lastSeenAt !== null;
    if (!isThere) return { kind: "none" };
    const session = { ...found, sessionId, secretHash, expiresAt, lastSeenAt };
    return { kind: "session", session, token: ticket };
  }
  const token = parseSessionToken(text);
  const session = token ? await findSession(home, token.id) : undefined;
  return token && session ? { kind: "session", session, token } : { kind: "none" };
}

function isAlive({ session, token }: Found & { kind: "session" }, now: number): boolean {
  return (
    isSecretOf(token.secret, session.secretHash) &&
    session.expiresAt > now &&
    session.disabledAt === null
  );
}

/** A guest without a row: new guests begin in the first content database, like new accounts. */
export function ticketGuest(ticket: SessionToken): Omit<Viewer, "storedLimits"> {
  return {
    userId: guestUserId(ticket),
    email: null,
    name: null,
    role: "user",
    contentShard: 0,
    isGuest: true,
    sessionId: ticket.id,
    scopes: null,
    hasCarriedChats: false,
    ticket,
  };
}

/**
 * Writes that a session was used, when there is something worth a write.
 *
 * @returns whether its life was prolonged, so that the cookie's must be too
 */
async function keepAlive(
  home: HomeDb,
  session: { sessionId: string; expiresAt: number; lastSeenAt: number; isGuest: boolean },
  now: number,
): Promise<boolean> {
  const isWriteDue = now - session.lastSeenAt >= lastSeenStepMs;
  // With its session a guest goes, and the chats: that shall be 30 days after the last use, not 15.
  const isRenewal = session.expiresAt - now < renewBelowMs || (session.isGuest && isWriteDue);
  if (isRenewal || isWriteDue) {
    await updateSessionTimes(home, session.sessionId, {
      lastSeenAt: now,
      expiresAt: isRenewal ? now + sessionLifeMs : session.expiresAt,
    });
  }
  return isRenewal;
}

/**
 * Logs a user in on this browser: always a new session, so that it cannot have been planted, in
 * place of the one that the browser had.
 */
export async function startSession(
  home: HomeDb,
  target: CookieTarget,
  session: {
    readonly userId: string;
    readonly userAgent: string | null;
  } & Replaced,
): Promise<void> {
  const token = newSessionToken();
  await insertSession(home, sessionRow(token, session), session);
  setSessionCookie(target, formatSessionToken(token), sessionLifeMs / 1000);
}

/** The row of a session that begins now. */
export function sessionRow(
  token: SessionToken,
  { userId, userAgent }: { readonly userId: string; readonly userAgent: string | null },
): SessionRow {
  const now = systemClock();
  return {
    id: token.id,
    secretHash: hashSecret(token.secret),
    userId,
    createdAt: now,
    expiresAt: now + sessionLifeMs,
    lastSeenAt: now,
    userAgent: userAgent?.slice(0, userAgentMaxLength) ?? null,
  };
}
