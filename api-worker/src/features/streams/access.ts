import type { TokenScope } from "../../contracts/account.ts";

/** What is known of who asks; null for nobody. */
type Asker = {
  /** null for a person with a cookie. */
  readonly scopes: readonly TokenScope[] | null;
} | null;

export type StreamVerdict = "allowed" | "unauthenticated" | "needs-token" | "needs-scope";

/**
 * Who may do what with an open stream of their own. Those of others cannot even be named.
 *
 * A cookie may read, so that a page can show a stream, and not write: writing is for programs.
 */
export function streamAccess(asker: Asker, action: "read" | "write"): StreamVerdict {
  if (!asker) return "unauthenticated";
  if (asker.scopes) return asker.scopes.includes("streams") ? "allowed" : "needs-scope";
  return action === "read" ? "allowed" : "needs-token";
}

/** Who may read the answers in a chat of their own as a stream. Nobody may write there. */
export function turnAccess(asker: Asker): Exclude<StreamVerdict, "needs-token"> {
  if (!asker) return "unauthenticated";
  if (asker.scopes === null) return "allowed";
  return asker.scopes.includes("chats:read") ? "allowed" : "needs-scope";
}
