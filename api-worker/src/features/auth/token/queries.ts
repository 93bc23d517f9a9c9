import type { HomeDb } from "db";
import { carriedColumns } from "../../carry/carried-guest.ts";
import { storedLimitColumns } from "../../limits/stored-limits.ts";

/** Finds a token with its user, in one query. Every request with a bearer token runs it. */
export function findToken(home: HomeDb, tokenId: string) {
  return home.kysely
    .selectFrom("apiTokens")
    .innerJoin("users", "users.id", "apiTokens.userId")
    .select([
      "apiTokens.id as tokenId",
      "apiTokens.secretHash",
      "apiTokens.scopes",
      "apiTokens.expiresAt",
      "apiTokens.lastUsedAt",
      "users.id as userId",
      "users.email",
      "users.name",
      "users.role",
      "users.isGuest",
      "users.contentShard",
      "users.disabledAt",
      ...carriedColumns,
      ...storedLimitColumns,
    ])
    .where("apiTokens.id", "=", tokenId)
    .executeTakeFirst();
}

export async function updateTokenUse(
  home: HomeDb,
  tokenId: string,
  lastUsedAt: number,
): Promise<void> {
  await home.kysely
    .updateTable("apiTokens")
    .set({ lastUsedAt })
    .where("id", "=", tokenId)
    .execute();
}
