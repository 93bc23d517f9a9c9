import type { TokenScope } from "./contracts/account.ts";

/**
 * The routers that programs may use for their users. All others (accounts, sessions, tokens) are for
 * people only; of administration, programs may read.
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
  if (routerName === "admin") {
    // That the user is an administrator now is asked for each call, as of people.
    if (type !== "query") return { kind: "closed" };
    return scopes.includes("admin:read")
      ? { kind: "allowed" }
      : { kind: "needs", scope: "admin:read" };
  }
  if (!openRouters.has(routerName)) return { kind: "closed" };
  const scope = type === "mutation" ? "chats:write" : "chats:read";
  return scopes.includes(scope) ? { kind: "allowed" } : { kind: "needs", scope };
}
