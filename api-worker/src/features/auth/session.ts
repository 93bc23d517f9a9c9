import type { HomeDb } from "db";
import { systemClock } from "../../platform/clock.ts";
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "./cookie.ts";
import { deleteSession, findSession, insertSession, updateSessionTimes } from "./queries.ts";
import {
  formatSessionToken,
  hashSecret,
  isSecretOf,
  newSessionToken,
  parseSessionToken,
} from "./session-token.ts";
import type { Viewer } from "./viewer.ts";

const hourMs = 60 * 60 * 1000;
/** How long a browser stays logged in when it does not come back. */
export const sessionLifeMs = 30 * 24 * hourMs;
/** With less than this left, a session is renewed: who comes twice a month stays logged in. */
const renewBelowMs = sessionLifeMs / 2;
/** `lastSeenAt` is this coarse, so that reading does not cost a write each time. */
const lastSeenStepMs = hourMs;
const userAgentMaxLength = 300;

/** Where the answer goes that a cookie is put on. */
interface Answer {
  readonly url: URL;
  readonly resHeaders: Headers;
}

/**
 * Finds out who sent a request from its session cookie, in one query. Renews the session at half
 * of its life, with the cookie, and clears a cookie that is good for nothing any more.
 *
 * @returns the viewer, or null for nobody (no cookie, unknown, expired or revoked session, disabled user)
 */
export async function authenticate({
  home,
  request,
  url,
  resHeaders,
}: {
  home: HomeDb;
  request: Request;
  url: URL;
  resHeaders: Headers;
}): Promise<Viewer | null> {
  const text = readSessionCookie(request, url);
  if (text === null) return null;
  const now = systemClock();
  const token = parseSessionToken(text);
  const session = token ? await findSession(home, token.id) : undefined;
  const isAlive =
    token !== null &&
    session !== undefined &&
    isSecretOf(token.secret, session.secretHash) &&
    session.expiresAt > now &&
    session.disabledAt === null;
  if (!isAlive) {
    clearSessionCookie({ url, resHeaders });
    return null;
  }
  const renewed = await keepAlive(home, session, now);
  if (renewed) setSessionCookie({ url, resHeaders }, text, sessionLifeMs / 1000);
  const { userId, email, name, role, contentShard, sessionId } = session;
  const isGuest = session.isGuest === 1;
  return { userId, email, name, role, contentShard, isGuest, sessionId, scopes: null };
}

/**
 * Writes that a session was used, when there is something worth a write.
 *
 * @returns whether its life was prolonged, so that the cookie's must be too
 */
async function keepAlive(
  home: HomeDb,
  session: { sessionId: string; expiresAt: number; lastSeenAt: number },
  now: number,
): Promise<boolean> {
  const isRenewal = session.expiresAt - now < renewBelowMs;
  if (isRenewal || now - session.lastSeenAt >= lastSeenStepMs) {
    await updateSessionTimes(home, session.sessionId, {
      lastSeenAt: now,
      expiresAt: isRenewal ? now + sessionLifeMs : session.expiresAt,
    });
  }
  return isRenewal;
}

/**
 * Logs a user in on this browser: always a new session, so that nobody can have planted it, in
 * place of the one that the browser had.
 */
export async function startSession(
  home: HomeDb,
  answer: Answer,
  session: {
    readonly userId: string;
    readonly userAgent: string | null;
    readonly replacedSessionId: string | null;
  },
): Promise<void> {
  const token = newSessionToken();
  const now = systemClock();
  const row = {
    id: token.id,
    secretHash: hashSecret(token.secret),
    userId: session.userId,
    createdAt: now,
    expiresAt: now + sessionLifeMs,
    lastSeenAt: now,
    userAgent: session.userAgent?.slice(0, userAgentMaxLength) ?? null,
  };
  await insertSession(home, row, session.replacedSessionId);
  setSessionCookie(answer, formatSessionToken(token), sessionLifeMs / 1000);
}

/** Logs this browser out: its session is gone, and so is its cookie. */
export async function endSession(
  home: HomeDb,
  answer: Answer,
  session: { readonly userId: string; readonly sessionId: string },
): Promise<void> {
  await deleteSession(home, session);
  clearSessionCookie(answer);
}
