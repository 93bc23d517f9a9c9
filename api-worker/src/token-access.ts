import type { TokenScope } from "./contracts/account.ts";

/**
 * The routers that programs may use. All others (accounts, sessions, tokens, administration) are
 * for people only.
 */
const openRouters: ReadonlySet<string> = new Set([
  "chats",
  "messages",
  "models",
  "uploads",
  "votes",
]);

export type TokenVerdict =
  | { readonly kind: "allowed" }
  | { readonly kind: "closed" }
  | { readonly kind: "needs"; readonly scope: TokenScope };

/**
 * Whether a program may call a procedure.
 *
 * @param path of the procedure, like `chats.list`
 */
export function tokenAccess(
  scopes: readonly TokenScope[],
  path: string,
  type: "query" | "mutation" | "subscription",
): TokenVerdict {
  const [routerName = ""] = path.split(".");
  if (!openRouters.has(routerName)) return { kind: "closed" };
  const scope = type === "mutation" ? "chats:write" : "chats:read";
  return scopes.includes(scope) ? { kind: "allowed" } : { kind: "needs", scope };
}
