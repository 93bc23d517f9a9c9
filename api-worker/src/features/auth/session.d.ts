import type { HomeDb } from "db";
import type { Viewer } from "./viewer.ts";
/**
 * Finds out who sent a request from its session cookie.
 *
 * @returns the viewer, or null for nobody (no cookie, unknown, expired or revoked session, disabled user)
 */
export declare function authenticate(_: {
  home: HomeDb;
  request: Request;
  url: URL;
  resHeaders: Headers;
}): Promise<Viewer | null>;
