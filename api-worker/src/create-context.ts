import { createHomeDb } from "db";
import type { Context } from "./context.ts";
import { shownViewerHeader, shownViewerParameter } from "./contracts/shown-viewer.ts";
import type { StoredSettings } from "./contracts/site-settings.ts";
import { AppError, loggedOut } from "./errors.ts";
import { confirmCredential } from "./features/auth/confirm-credential.ts";
import { readSessionCookie } from "./features/auth/session/cookie.ts";
import { authenticate } from "./features/auth/session/session.ts";
import { authenticateToken } from "./features/auth/token/authenticate-token.ts";
import { readBearer } from "./features/auth/token/bearer-token.ts";
import { readBrowserSecret } from "./features/auth/tries/known-browser.ts";
import { carryPending } from "./features/carry/carry-guest.ts";
import { systemClock } from "./platform/clock.ts";
import type { LogFields, Logger } from "./platform/log.ts";
import { logSecurityEvent } from "./platform/security-log.ts";
import { settingsOf } from "./platform/settings.ts";
import { siteSettingsOf } from "./platform/site-settings.ts";
import type { Viewer } from "./viewer.ts";

/** A request whose viewer is known. */
export interface Arrived extends Context {
  /**
   * Settles when what identifying the viewer has to write is written. The response waits for it; what
   * was asked for does not, so that it costs no round trip of its own. Never rejects.
   */
  readonly written: Promise<void>;
}

/**
 * Authenticates the request (one D1 query when there is a cookie or a token) and builds the
 * context. With a bearer token, the cookie is ignored.
 *
 * @throws AppError UNAUTHENTICATED for an invalid bearer token; OTHER_VIEWER
 */
export async function createContext(
  request: Request,
  env: Env,
  requestId: string,
  resHeaders: Headers,
  log: Logger,
): Promise<Arrived> {
  const home = createHomeDb(env.HOME);
  const url = new URL(request.url);
  const bearer = readBearer(request);
  // Existing guests stay, even when guests are turned off.
  const acceptsTicket = (stored: StoredSettings) =>
    siteSettingsOf(env, stored).canStartGuest && !settingsOf(env).turnstile;
  const unusedMs = settingsOf(env).kept.sessionMs;
  let written = Promise.resolve();
  const defer = (write: Promise<void>) => {
    written = write.catch((error) => log.error("auth.session_not_renewed", error));
  };
  const viewer =
    bearer === null
      ? await authenticate({ home, request, url, resHeaders, defer, unusedMs, acceptsTicket })
      : await authenticateToken(home, bearer);
  const address = clientAddress(request);
  if (!viewer && readSessionCookie(request, url) !== null) {
    logSecurityEvent({ log, request: { address } }, "request.session_refused");
  }
  const identifiedAt = systemClock();
  checkShownViewer(request, url, viewer);
  // Moves the rest of a guest's chats first, so that lists are complete.
  if (viewer?.hasPendingChats) {
    const failed = (error: unknown) =>
      log.error("carry.move_failed", error, { userId: viewer.userId });
    await carryPending({ env, home, log }, viewer.userId).catch(failed);
  }
  return {
    env,
    home,
    viewer,
    written,
    identifiedAt,
    confirmCredential: async (credential) => {
      if (!viewer) throw loggedOut();
      return confirmCredential(home, viewer, credential);
    },
    resHeaders,
    log: viewer ? log.with(whoIs(viewer)) : log,
    request: {
      id: requestId,
      url,
      address,
      userAgent: request.headers.get("user-agent"),
      acceptsLines: request.headers.get("trpc-accept") === "application/jsonl",
      browserSecret: readBrowserSecret(request, url),
      contentType: request.headers.get("content-type"),
      contentLength: readLength(request.headers),
      signal: request.signal,
    },
  };
}

/** The client's address; "local" where the platform gives none. */
export function clientAddress(request: Request): string {
  return request.headers.get("cf-connecting-ip") ?? "local";
}

/** The fields of each line of a viewer's request. The ids of sessions and tokens are not secret. */
function whoIs({ userId, credential }: Viewer): LogFields {
  const [kind, id] = credential.split(":");
  return { userId, ...(kind === "token" ? { tokenId: id } : { sessionId: id }) };
}

/** The declared bytes of a body; null without one. */
export function readLength(headers: Headers): number | null {
  const header = headers.get("content-length");
  return header === null ? null : Number(header);
}

/**
 * Refuses a request of a page that shows another user than the viewer. Programs, and pages that show
 * no user, do not say whom they show.
 *
 * @throws AppError OTHER_VIEWER; UNAUTHENTICATED when there is no viewer any more
 */
function checkShownViewer({ headers }: Request, url: URL, viewer: Viewer | null): void {
  const shownId = headers.get(shownViewerHeader) ?? url.searchParams.get(shownViewerParameter);
  if (shownId === null || shownId === viewer?.userId) return;
  if (!viewer) throw loggedOut();
  throw new AppError(
    "OTHER_VIEWER",
    "You are logged in as someone else in this browser now. Reload the page.",
  );
}
