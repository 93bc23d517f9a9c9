import type { ContentDb, HomeDb } from "db";
import type { Logger } from "./platform/log.ts";
import type { Credential } from "./platform/user-object.ts";
import type { Viewer } from "./viewer.ts";

/** The context of every procedure. `user` procedures narrow `viewer` and add `content`. */
export interface Context {
  readonly env: Env;
  readonly home: HomeDb;
  readonly request: RequestFacts;
  readonly viewer: Viewer | null;
  /** When the viewer was identified: epoch milliseconds. */
  readonly identifiedAt: number;
  /**
   * Reads again whether a session or token of the viewer is good: the viewer's own, or the one that
   * has replaced it in the same browser.
   *
   * @returns when it ends by itself, in epoch milliseconds; null for never
   * @throws AppError UNAUTHENTICATED when it has ended
   */
  readonly confirmCredential: (credential: Credential) => Promise<number | null>;
  readonly log: Logger;
  /** For `Set-Cookie` headers, which are sent with any response. */
  readonly resHeaders: Headers;
}

/** The facts of the HTTP request that the rest of the code may use. */
export interface RequestFacts {
  readonly id: string;
  readonly url: URL;
  /** Address of the client, for rate limits; "local" where the platform gives none. */
  readonly address: string;
  readonly userAgent: string | null;
  /** Whether the client reads a response piece by piece, as JSON lines. */
  readonly acceptsLines: boolean;
  /** By which accounts know this browser; null before its first login. See `known-browser.ts`. */
  readonly browserSecret: string | null;
  /** Content-Type of the body, as sent by the client. */
  readonly contentType: string | null;
  /**
   * Bytes of the body: counted when a procedure gets it, and before that its Content-Length; null
   * without one.
   */
  readonly contentLength: number | null;
  /**
   * Aborts when the client disconnects. Never passed to a model call, because an answer outlives
   * its readers.
   */
  readonly signal: AbortSignal;
}

/** Context of a user procedure: `viewer` is never null, and `content` is the viewer's own database. */
export type UserContext = Context & {
  readonly viewer: Viewer;
  readonly content: ContentDb;
};

/**
 * What a use case needs to act on one person's content, whether a request of that person, an
 * administrator or the cron asks for it.
 */
export interface OwnerContext {
  readonly env: Env;
  readonly home: HomeDb;
  /** The owner's content database. */
  readonly content: ContentDb;
  readonly log: Logger;
  /** The owner. */
  readonly userId: string;
  /** The number of the owner's content database. */
  readonly contentShard: number;
}
