import type { TokenScope } from "../../contracts/account.ts";

/** What decides about a caller; null for a request without a login. */
type Asker = {
  /** null for a person, who has a session cookie in place of a token. */
  readonly scopes: readonly TokenScope[] | null;
} | null;

export type StreamVerdict = "allowed" | "unauthenticated" | "needs-token" | "needs-scope";

/**
 * Access to the caller's own open streams. The owner is part of a stream's name, so the streams of
 * other people cannot be addressed at all.
 *
 * A session cookie allows reading, so that a page can show a stream. Writing needs a token.
 */
export function streamAccess(asker: Asker, action: "read" | "write"): StreamVerdict {
  if (!asker) return "unauthenticated";
  if (asker.scopes) return asker.scopes.includes("streams") ? "allowed" : "needs-scope";
  return action === "read" ? "allowed" : "needs-token";
}

/** Access to the answers in the caller's own chats, read as streams. They cannot be written. */
export function turnAccess(asker: Asker): Exclude<StreamVerdict, "needs-token"> {
  if (!asker) return "unauthenticated";
  if (asker.scopes === null) return "allowed";
  return asker.scopes.includes("chats:read") ? "allowed" : "needs-scope";
}
