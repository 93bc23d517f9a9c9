import type { HomeDb } from "db";
import { tokenScopesSchema } from "../../../contracts/account.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Viewer } from "../../../viewer.ts";
import { parseStored } from "../../limits/stored-limits.ts";
import { isSecretOf } from "../session/session-token.ts";
import { parseBearerToken } from "./bearer-token.ts";
import { findToken, updateTokenUse } from "./queries.ts";
import { type TokenFacts, TokenRefusal } from "./token-refusal.ts";

/** The resolution of `lastUsedAt`, so that not every request costs a write. */
const lastUsedStepMs = 60 * 60 * 1000;

/**
 * Identifies the user that a program acts for by its bearer token, in one query.
 *
 * @param text the header's value after `Bearer`
 * @throws TokenRefusal, an AppError UNAUTHENTICATED, the same for malformed text, a wrong secret, a missing, revoked
 *   or expired token, and a disabled user
 */
export async function authenticateToken(home: HomeDb, text: string): Promise<Viewer> {
  const token = parseBearerToken(text);
  const row = token ? await findToken(home, token.id) : undefined;
  const now = systemClock();
  if (!token) throw new TokenRefusal({ reason: "malformed" });
  // Also for a token that was revoked: its row is gone.
  if (!row) throw new TokenRefusal({ reason: "unknown" });
  const reason = refusalOf(row, token.secret, now);
  if (reason) throw new TokenRefusal({ reason, tokenId: row.tokenId, accountId: row.userId });
  if (row.lastUsedAt === null || now - row.lastUsedAt >= lastUsedStepMs) {
    await updateTokenUse(home, row.tokenId, now);
  }
  const { userId, email, name, role, contentShard } = row;
  const scopes = tokenScopesSchema.parse(JSON.parse(row.scopes));
  const isGuest = row.isGuest === 1;
  const hasCarriedChats = row.carriedCount > 0;
  const viewer = { userId, email, name, role, contentShard, isGuest, scopes, hasCarriedChats };
  return {
    ...viewer,
    sessionId: null,
    credential: `token:${row.tokenId}`,
    ...parseStored(row),
  };
}

function refusalOf(
  row: NonNullable<Awaited<ReturnType<typeof findToken>>>,
  secret: string,
  now: number,
): TokenFacts["reason"] | null {
  if (!isSecretOf(secret, row.secretHash)) return "wrong_secret";
  if (row.expiresAt !== null && row.expiresAt <= now) return "expired";
  return row.disabledAt === null ? null : "disabled_user";
}
