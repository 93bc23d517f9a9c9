import { type ApiTokenRow, type HomeDb, runBatch, sql } from "db";

/**
 * Stores a new token, unless its user has too many. The user's expired tokens are deleted in the
 * same batch and do not count.
 *
 * @param maxCount tokens that a user may have, the new one included
 * @returns false when there was no room
 */
export async function insertToken(
  home: HomeDb,
  token: ApiTokenRow,
  maxCount: number,
): Promise<boolean> {
  const countOfUser = sql<number>`(SELECT count(*) FROM apiTokens WHERE userId = ${token.userId})`;
  const { id, userId, name, secretHash, scopes, createdAt, expiresAt } = token;
  const [, inserted] = await runBatch(home, [
    home.kysely
      .deleteFrom("apiTokens")
      .where("userId", "=", userId)
      .where("expiresAt", "<=", createdAt),
    home.kysely
      .insertInto("apiTokens")
      .columns(["id", "userId", "name", "secretHash", "scopes", "createdAt", "expiresAt"])
      .expression(
        home.kysely
          .selectNoFrom([
            sql.val(id).as("id"),
            sql.val(userId).as("userId"),
            sql.val(name).as("name"),
            sql.val(secretHash).as("secretHash"),
            sql.val(scopes).as("scopes"),
            sql.val(createdAt).as("createdAt"),
            sql.val(expiresAt).as("expiresAt"),
          ])
          .where(countOfUser, "<", maxCount),
      )
      .returning("id"),
  ]);
  return inserted.length > 0;
}

/** Lists a user's tokens, newest first. Their number is limited, so there are no pages. */
export function listTokenRows(home: HomeDb, userId: string) {
  return home.kysely
    .selectFrom("apiTokens")
    .select(["id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt"])
    .where("userId", "=", userId)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .execute();
}

/**
 * Deletes a token.
 * @returns false when the user has no such token
 */
export async function deleteToken(
  home: HomeDb,
  token: { userId: string; tokenId: string },
): Promise<boolean> {
  const deleted = await home.kysely
    .deleteFrom("apiTokens")
    .where("id", "=", token.tokenId)
    .where("userId", "=", token.userId)
    .returning("id")
    .executeTakeFirst();
  return deleted !== undefined;
}
