import type { HomeDb } from "db";
import { tokenScopesSchema } from "../../../contracts/account.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Viewer } from "../../../viewer.ts";
import { parseStoredLimits } from "../../limits/stored-limits.ts";
import { isSecretOf } from "../session/session-token.ts";
import { parseBearerToken } from "./bearer-token.ts";
import { findToken, updateTokenUse } from "./queries.ts";

/** The resolution of `lastUsedAt`, so that not every request costs a write. */
const lastUsedStepMs = 60 * 60 * 1000;

/**
 * Identifies the user that a program acts for by its bearer token, in one query.
 *
 * @param text the header's value after `Bearer`
 * @throws AppError UNAUTHENTICATED, the same for malformed text, a wrong secret, a missing, revoked
 *   or expired token, and a disabled user
 */
export async function authenticateToken(home: HomeDb, text: string): Promise<Viewer> {
  const token = parseBearerToken(text);
  const row = token ? await findToken(home, token.id) : undefined;
  const now = systemClock();
  const isGood =
    token !== null &&
    row !== undefined &&
    isSecretOf(token.secret, row.secretHash) &&
    (row.expiresAt === null || row.expiresAt > now) &&
    row.disabledAt === null;
  if (!isGood) throw new AppError("UNAUTHENTICATED", "This API token isn’t valid.");
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
    storedLimits: parseStoredLimits(row),
  };
}
