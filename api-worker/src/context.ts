import type { ContentDb, HomeDb } from "db";
import type { Logger } from "./platform/log.ts";
import type { Viewer } from "./viewer.ts";

/** What every procedure gets. `user` procedures narrow `viewer` and add `content`. */
export interface Context {
  readonly env: Env;
  readonly home: HomeDb;
  readonly request: RequestFacts;
  readonly viewer: Viewer | null;
  readonly log: Logger;
  /** For `Set-Cookie`: the cookies in it go out with the answer, whatever that is. */
  readonly resHeaders: Headers;
}

/** What the rest of the code may know of the HTTP request. */
export interface RequestFacts {
  readonly id: string;
  readonly url: URL;
  /** Address of the client, for rate limits; "local" where the platform gives none. */
  readonly address: string;
  readonly userAgent: string | null;
  /** Of the body, as the client sent it. */
  readonly contentType: string | null;
  /** Bytes of the body, as the client says; null where it does not say. */
  readonly contentLength: number | null;
  /** Aborts when the reader leaves. Never handed to a model call: an answer outlives its reader. */
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
}
