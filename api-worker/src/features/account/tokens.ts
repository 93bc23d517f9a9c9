import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import {
  type CreatedTokenOutput,
  type createTokenInput,
  type TokenOutput,
  tokenScopesSchema,
} from "../../contracts/account.ts";
import { limits } from "../../contracts/limits.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { hashSecret, newSessionToken } from "../auth/session/session-token.ts";
import { formatBearerToken } from "../auth/token/bearer-token.ts";
import { deleteToken, insertToken, listTokenRows } from "./queries.ts";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Makes a token for a program that acts for the viewer. It is in this answer and nowhere else: only
 * its hash is stored.
 *
 * @throws AppError CONFLICT when the viewer has as many as one may have
 */
export async function createToken(
  ctx: UserContext,
  { name, scopes, expiresInDays }: z.infer<typeof createTokenInput>,
): Promise<CreatedTokenOutput> {
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
    const message = `You have ${limits.tokensPerUserMax} tokens, and cannot have more. Revoke one first.`;
    throw new AppError("CONFLICT", message);
  }
  return { ...row, scopes: distinctScopes, token: formatBearerToken(token) };
}

/** The viewer's tokens, the newest first; those that have expired too, until another is made. */
export async function listTokens(ctx: UserContext): Promise<{ items: TokenOutput[] }> {
  const rows = await listTokenRows(ctx.home, ctx.viewer.userId);
  return {
    items: rows.map((row) => ({ ...row, scopes: tokenScopesSchema.parse(JSON.parse(row.scopes)) })),
  };
}

/**
 * Takes a token back: from the next request on it opens nothing.
 *
 * @throws AppError NOT_FOUND, the same for a token of another user and for none
 */
export async function revokeToken(
  ctx: UserContext,
  { tokenId }: { tokenId: string },
): Promise<null> {
  if (!(await deleteToken(ctx.home, { userId: ctx.viewer.userId, tokenId }))) {
    throw notFound("token");
  }
  return null;
}
