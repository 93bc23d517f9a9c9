import { type ContentDb, sql, valuesOf } from "db";
import { runIfFits, type StorageLimits } from "../limits/storage.ts";

interface StreamKey {
  readonly userId: string;
  readonly path: string;
}

/**
 * Adds a stream to its owner's list, unless the list or the owner's storage is full.
 *
 * @param createdAt epoch milliseconds
 * @param maxCount streams that one user may have, this one included
 * @returns `listed` also when the stream was in the list before
 */
export async function insertOpenStream(
  content: ContentDb,
  { userId, path }: StreamKey,
  { bytes, storage }: StreamBytes,
  createdAt: number,
  maxCount: number,
): Promise<"listed" | "too-many" | "full"> {
  const insert = sql`
    INSERT INTO openStreams (userId, path, createdAt, bytes)
    SELECT ${userId}, ${path}, ${createdAt}, ${bytes}
    WHERE (SELECT count(*) FROM openStreams WHERE userId = ${userId}) < ${maxCount}
      OR EXISTS (SELECT 1 FROM openStreams WHERE userId = ${userId} AND path = ${path})
    ON CONFLICT DO UPDATE SET createdAt = excluded.createdAt, bytes = excluded.bytes
    RETURNING path`;
  const [rows] = (await runIfFits(content, userId, storage, [insert])) ?? [null];
  return rows === null ? "full" : rows.length > 0 ? "listed" : "too-many";
}

/** The bytes that a stream's object may hold, and the limits of its owner's storage. */
export interface StreamBytes {
  readonly bytes: number;
  readonly storage: StorageLimits;
}

/**
 * Raises the bytes that a stream's object may hold. Never lowers them.
 *
 * @returns `missing` when the stream is not in its owner's list
 */
export async function raiseStreamBytes(
  content: ContentDb,
  { userId, path }: StreamKey,
  { bytes, storage }: StreamBytes,
): Promise<"raised" | "missing" | "full"> {
  const raise = content.kysely
    .updateTable("openStreams")
    .set({ bytes: sql`max(bytes, ${bytes})` })
    .where("userId", "=", userId)
    .where("path", "=", path)
    .returning("path");
  const [rows] = (await runIfFits(content, userId, storage, [raise])) ?? [null];
  return rows === null ? "full" : rows.length > 0 ? "raised" : "missing";
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

/** Removes some streams from their owner's list. */
export async function deleteOpenStreams(
  content: ContentDb,
  userId: string,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  await content.kysely
    .deleteFrom("openStreams")
    .where("userId", "=", userId)
    .where("path", "in", valuesOf(paths))
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
