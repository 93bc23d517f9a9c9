import { type ContentDb, sql } from "db";

interface StreamKey {
  readonly userId: string;
  readonly path: string;
}

/**
 * Puts a stream into its owner's list, if there is room.
 *
 * @param maxCount streams that a user may have, with this one
 * @returns whether it is in the list; true as well when it was before
 */
export async function insertOpenStream(
  content: ContentDb,
  { userId, path }: StreamKey,
  createdAt: number,
  maxCount: number,
): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO openStreams (userId, path, createdAt)
    SELECT ${userId}, ${path}, ${createdAt}
    WHERE (SELECT count(*) FROM openStreams WHERE userId = ${userId}) < ${maxCount}
      OR EXISTS (SELECT 1 FROM openStreams WHERE userId = ${userId} AND path = ${path})
    ON CONFLICT DO UPDATE SET createdAt = excluded.createdAt
    RETURNING path`.execute(content.kysely);
  return rows.length > 0;
}

export async function deleteOpenStream(
  content: ContentDb,
  { userId, path }: StreamKey,
): Promise<void> {
  await content.kysely
    .deleteFrom("openStreams")
    .where("userId", "=", userId)
    .where("path", "=", path)
    .execute();
}
