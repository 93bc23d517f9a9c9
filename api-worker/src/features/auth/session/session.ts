import type { HomeDb, SessionRow } from "db";
import { systemClock } from "../../../platform/clock.ts";
import { lastSeenStepMs } from "../../../platform/settings.ts";
import type { Viewer } from "../../../viewer.ts";
import { parseStored, type StoredFacts } from "../../limits/stored-limits.ts";
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
/** A browser that does not return is logged out after this long. */
export const sessionLifeMs = 30 * 24 * hourMs;
/**
 * A session of an account ends this long after its login, however much it is used. A guest's does
 * not: a guest cannot log in again, and would lose the chats.
 */
export const sessionMaxMs = 90 * 24 * hourMs;
/** A session with less time left is renewed, so a user who visits twice a month stays logged in. */
const renewBelowMs = sessionLifeMs / 2;
const userAgentMaxLength = 300;

/**
 * Identifies the viewer by the session cookie, in one query. Renews session and cookie when half of
 * the session's life is over, for a guest at each use. Clears a cookie that is no longer valid.
 *
 * @param defer takes the write that renews the session, so that the request need not wait for it first
 * @param unusedMs after how much time without use a session of an account ends
 * @param acceptsTicket whether a guest's ticket is accepted, by the settings of the site
 * @returns the viewer; null without a cookie, with an unknown, expired or revoked session, and for
 *   a disabled user
 */
export async function authenticate({
  home,
  request,
  url,
  resHeaders,
  defer,
  unusedMs,
  acceptsTicket,
}: {
  home: HomeDb;
  request: Request;
  url: URL;
  resHeaders: Headers;
  defer: (write: Promise<void>) => void;
  unusedMs: number;
  acceptsTicket: (stored: StoredFacts["storedSettings"]) => boolean;
}): Promise<Viewer | null> {
  const text = readSessionCookie(request, url);
  if (text === null) return null;
  const now = systemClock();
  const found = await findByCookie(home, text);
  if (found.kind === "ticket" && acceptsTicket(found.stored.storedSettings)) {
    // Before the response begins: the first message of a guest streams its answer.
    setSessionCookie({ url, resHeaders }, text, sessionLifeMs / 1000);
    return { ...ticketGuest(found.token), ...found.stored };
  }
  if (found.kind === "session" && !isSecretOf(found.token.secret, found.session.secretHash)) {
    // The secret may just have been replaced by a change of password: the answer to a request that
    // was on its way then must not delete the new cookie.
    return null;
  }
  if (found.kind !== "session" || !isAlive(found.session, now, unusedMs)) {
    clearSessionCookie({ url, resHeaders });
    return null;
  }
  const { session } = found;
  const isGuest = session.isGuest === 1;
  const { times, isRenewal } = timesOfUse(session, now);
  if (times) defer(updateSessionTimes(home, session.sessionId, times));
  if (times && isRenewal) {
    setSessionCookie({ url, resHeaders }, text, Math.floor((times.expiresAt - now) / 1000));
  }
  const { userId, email, name, role, contentShard, sessionId } = session;
  const hasCarriedChats = session.carriedCount > 0;
  const viewer = { userId, email, name, role, contentShard, isGuest, sessionId, hasCarriedChats };
  const hasPendingChats = session.pendingCount > 0;
  return {
    ...viewer,
    credential: `session:${sessionId}`,
    scopes: null,
    hasPendingChats,
    ...parseStored(session),
  };
}

type Found =
  | { readonly kind: "session"; readonly session: FoundSession; readonly token: SessionToken }
  /** A ticket whose guest does not exist yet. */
  | {
      readonly kind: "ticket";
      readonly token: SessionToken;
      readonly stored: StoredFacts;
    }
  | { readonly kind: "none" };

async function findByCookie(home: HomeDb, text: string): Promise<Found> {
  const ticket = parseGuestTicket(text);
  if (ticket) {
    const found = await findTicketSession(home, ticket.id, guestUserId(ticket));
    if (found.userId === null) {
      return { kind: "ticket", token: ticket, stored: parseStored(found) };
    }
    const { sessionId, secretHash, createdAt, expiresAt, lastSeenAt } = found;
    // The guest exists, but the session has ended.
    const isThere =
      sessionId !== null &&
      secretHash !== null &&
      createdAt !== null &&
      expiresAt !== null &&
      lastSeenAt !== null;
    if (!isThere) return { kind: "none" };
    const session = { ...found, sessionId, secretHash, createdAt, expiresAt, lastSeenAt };
    return { kind: "session", session, token: ticket };
  }
  const token = parseSessionToken(text);
  const session = token ? await findSession(home, token.id) : undefined;
  return token && session ? { kind: "session", session, token } : { kind: "none" };
}

function isAlive(session: FoundSession, now: number, unusedMs: number): boolean {
  // The cron deletes such a session too, but later.
  const isUnused = session.isGuest === 0 && session.lastSeenAt + unusedMs <= now;
  return sessionEndOf(session) > now && !isUnused && session.disabledAt === null;
}

type SessionTimes = Pick<FoundSession, "createdAt" | "expiresAt" | "isGuest">;

/** When a session ends if it is not renewed: epoch milliseconds. */
export function sessionEndOf({ createdAt, expiresAt, isGuest }: SessionTimes): number {
  return isGuest === 1 ? expiresAt : Math.min(expiresAt, createdAt + sessionMaxMs);
}

/** A guest without a row. New guests start in the first content database, like new accounts. */
export function ticketGuest(ticket: SessionToken): Omit<Viewer, keyof StoredFacts> {
  return {
    userId: guestUserId(ticket),
    email: null,
    name: null,
    role: "user",
    contentShard: 0,
    isGuest: true,
    sessionId: ticket.id,
    credential: `session:${ticket.id}`,
    scopes: null,
    hasCarriedChats: false,
    ticket,
  };
}

/**
 * The times to store for a session that is used, at most once an hour.
 *
 * @returns `times` is null when nothing is to be stored; `isRenewal` when the session has a new end, so
 *   that the cookie must be renewed too
 */
function timesOfUse(
  session: SessionTimes & Pick<FoundSession, "lastSeenAt">,
  now: number,
): { times: { lastSeenAt: number; expiresAt: number } | null; isRenewal: boolean } {
  const isWriteDue = now - session.lastSeenAt >= lastSeenStepMs;
  // A guest and the chats are deleted with the session. Renewing at each use makes that 30 days
  // after the last use and not 15.
  const isRenewalDue =
    session.expiresAt - now < renewBelowMs || (session.isGuest === 1 && isWriteDue);
  const expiresAt = sessionEndOf({ ...session, expiresAt: now + sessionLifeMs });
  // In its last weeks a session cannot become longer.
  const isRenewal = isRenewalDue && expiresAt > session.expiresAt;
  if (!isRenewal && !isWriteDue) return { times: null, isRenewal };
  const times = { lastSeenAt: now, expiresAt: isRenewal ? expiresAt : session.expiresAt };
  return { times, isRenewal };
}

/**
 * Logs a user in on this browser. Always starts a new session in place of the browser's old one, so
 * that a planted session cannot be used.
 *
 * @returns the new session's id
 */
export async function startSession(
  home: HomeDb,
  target: CookieTarget,
  session: {
    readonly userId: string;
    readonly userAgent: string | null;
  } & Replaced,
): Promise<string> {
  const token = newSessionToken();
  await insertSession(home, sessionRow(token, session), session);
  setSessionCookie(target, formatSessionToken(token), sessionLifeMs / 1000);
  return token.id;
}

/** The row of a session that starts now. */
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
