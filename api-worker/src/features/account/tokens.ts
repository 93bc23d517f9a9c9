import type { HomeDb } from "db";
import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import {
  type CreatedTokenOutput,
  type createTokenInput,
  isAdminScope,
  type TokenOutput,
  type TokenScope,
  tokenScopesSchema,
} from "../../contracts/account.ts";
import { limits } from "../../contracts/limits.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { logAuthEvent } from "../auth/auth-events.ts";
import { closeOpened } from "../auth/session/end-access.ts";
import { hashSecret, newSessionToken } from "../auth/session/session-token.ts";
import { formatBearerToken } from "../auth/token/bearer-token.ts";
import { deleteToken, insertToken, listTokenRows } from "./queries.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Creates a token for a program that acts for the viewer. The token is only in this result; the
 * database has its hash.
 *
 * @throws AppError CONFLICT when the viewer has the maximum number of tokens; FORBIDDEN for a scope of
 *   administration, unless the viewer is an administrator
 */
export async function createToken(
  ctx: UserContext,
  { name, scopes, expiresInDays }: z.infer<typeof createTokenInput>,
): Promise<CreatedTokenOutput> {
  if (scopes.some(isAdminScope) && ctx.viewer.role !== "admin") {
    throw new AppError("FORBIDDEN", "Only administrators can create tokens for administration.");
  }
  const token = newSessionToken();
  const createdAt = systemClock();
  const row = {
    id: token.id,
    name,
    createdAt,
    expiresAt: expiresInDays === null ? null : createdAt + expiresInDays * dayMs,
    lastUsedAt: null,
  };
  const distinctScopes = [...new Set(scopes)];
  const isStored = await insertToken(
    ctx.home,
    {
      ...row,
      userId: ctx.viewer.userId,
      secretHash: hashSecret(token.secret),
      scopes: JSON.stringify(distinctScopes),
    },
    limits.tokensPerUserMax,
  );
  if (!isStored) {
    const message = `You’ve reached the limit of ${limits.tokensPerUserMax} tokens. Revoke one to create another.`;
    throw new AppError("CONFLICT", message);
  }
  logAuthEvent(ctx, "auth.token_created", ctx.viewer.userId, { createdTokenId: token.id });
  return { ...row, ...splitScopes(distinctScopes), token: formatBearerToken(token) };
}

/** Lists the viewer's tokens; see {@link listTokensOf}. */
export async function listTokens(ctx: UserContext): Promise<{ items: TokenOutput[] }> {
  return { items: await listTokensOf(ctx.home, ctx.viewer.userId) };
}

/**
 * Lists a user's tokens, newest first. Expired ones are included until another token is created.
 */
export async function listTokensOf(home: HomeDb, userId: string): Promise<TokenOutput[]> {
  const rows = await listTokenRows(home, userId);
  return rows.map((row) => ({
    ...row,
    ...splitScopes(tokenScopesSchema.parse(JSON.parse(row.scopes))),
  }));
}

function splitScopes(scopes: readonly TokenScope[]): Pick<TokenOutput, "scopes" | "adminScopes"> {
  return {
    scopes: scopes.filter((scope) => !isAdminScope(scope)),
    adminScopes: scopes.filter(isAdminScope),
  };
}

/**
 * Revokes a token. It stops working with the next request, and what it has opened ends.
 *
 * @throws AppError NOT_FOUND, the same for another user's token and for a missing one
 */
export async function revokeToken(
  ctx: UserContext,
  { tokenId }: { tokenId: string },
): Promise<null> {
  const { userId } = ctx.viewer;
  if (!(await deleteToken(ctx.home, { userId, tokenId }))) throw notFound("token");
  logAuthEvent(ctx, "auth.token_revoked", userId, { revokedTokenId: tokenId });
  await closeOpened(ctx, userId, [`token:${tokenId}`]);
  return null;
}
