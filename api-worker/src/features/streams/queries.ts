import { type ContentDb, sql } from "db";

interface StreamKey {
  readonly userId: string;
  readonly path: string;
}

/**
 * Adds a stream to its owner's list, unless the list is full.
 *
 * @param createdAt epoch milliseconds
 * @param maxCount streams that one user may have, this one included
 * @returns whether the stream is in the list now, also when it was there before
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

/** Removes a stream from its owner's list. Does nothing when it is not there. */
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

/** Lists the paths of some of an owner's open streams. */
export async function listOpenStreams(
  content: ContentDb,
  userId: string,
  limit: number,
): Promise<string[]> {
  const rows = await content.kysely
    .selectFrom("openStreams")
    .select("path")
    .where("userId", "=", userId)
    .limit(limit)
    .execute();
  return rows.map(({ path }) => path);
}
