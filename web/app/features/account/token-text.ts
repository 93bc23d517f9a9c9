import type { TokenOutput } from "api-worker/contracts/account";
import type { Reader } from "../../lib/date-groups.ts";
import { dateText } from "../../lib/date-text.ts";
import { tokenScopeTexts } from "./token-scopes.ts";

/** What a token may do, in words. */
export function scopesText({
  scopes,
  adminScopes,
}: Pick<TokenOutput, "scopes" | "adminScopes">): string {
  return [...scopes, ...adminScopes].map((scope) => tokenScopeTexts[scope].title).join(", ");
}

/** When a token expires, or has expired. @param expiresAt epoch milliseconds; null for never */
export function expiryText(expiresAt: number | null, reader: Reader): string {
  if (expiresAt === null) return "Never expires";
  return `${expiresAt <= reader.nowMs ? "Expired" : "Expires"} ${dateText(expiresAt, reader)}`;
}
