/** What an owner stores: as the counter has it, and counted anew in the tables. */
import { env } from "cloudflare:workers";
import { createContentDb } from "db";
import { expect } from "vitest";
import { readStorageUse, type StorageUse } from "../src/features/limits/storage.ts";

export function storageUse(userId: string): Promise<StorageUse> {
  return readStorageUse(createContentDb(env.CONTENT_0), userId);
}

/** Counts what the tables have of an owner. */
export async function recount(userId: string): Promise<StorageUse> {
  const row = await env.CONTENT_0.prepare(
    `SELECT
       (SELECT count(*) FROM chats WHERE userId = ?1) AS chats,
       (SELECT count(*) FROM messages WHERE userId = ?1) AS messages,
       (SELECT count(*) FROM messages WHERE userId = ?1 AND status = 'streaming') AS openAnswers,
       (SELECT coalesce(sum(length(CAST(title AS BLOB))), 0) FROM chats WHERE userId = ?1)
         + (SELECT coalesce(sum(length(CAST(parts AS BLOB))), 0) FROM messages WHERE userId = ?1)
         + (SELECT coalesce(sum(length(CAST(title AS BLOB)) + 300), 0) FROM documents WHERE userId = ?1)
         + (SELECT coalesce(sum(length(CAST(content AS BLOB)) + 300), 0) FROM documentVersions
           WHERE userId = ?1)
         + (SELECT coalesce(sum(length(CAST(original || proposed || reason AS BLOB)) + 300), 0)
           FROM suggestions WHERE userId = ?1) AS textBytes,
       (SELECT coalesce(sum(bytes + coalesce(thumbnailBytes, 0)), 0) FROM uploads
         WHERE userId = ?1 AND state = 'ready') AS fileBytes,
       (SELECT coalesce(sum(bytes), 0) FROM openStreams WHERE userId = ?1) AS streamBytes`,
  )
    .bind(userId)
    .first<StorageUse>();
  if (!row) throw new Error("This query has always a row.");
  return row;
}

/**
 * Waits until none of the owners has an answer in progress. A turn whose object died unnoticed is
 * found by its lease's alarm, after 30 seconds, and its restart may die too.
 */
export async function untilAllEnded(...userIds: readonly string[]): Promise<void> {
  const isOpen = () =>
    env.CONTENT_0.prepare(
      "SELECT 1 FROM messages WHERE status = 'streaming' AND userId IN (SELECT value FROM json_each(?))",
    )
      .bind(JSON.stringify(userIds))
      .first();
  await expect.poll(isOpen, { interval: 20, timeout: 120_000 }).toBeNull();
}
