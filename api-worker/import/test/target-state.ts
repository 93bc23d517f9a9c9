/** What a target has, to be compared. */
import { expect } from "vitest";
import type { DatabaseName, Statement, Target } from "../model.ts";

export const run = (target: Target, sql: string, database: DatabaseName = "content") =>
  target.batch(database, [{ sql, params: [] }]);

export const rowsIn = <Row = Record<string, unknown>>(
  target: Target,
  sql: string,
  database: DatabaseName = "content",
): Promise<readonly Row[]> => target.query<Row>(database, { sql, params: [] } satisfies Statement);

const homeTables = ["users", "publicChats"];
const contentTables = [
  "chats",
  "messages",
  "votes",
  "uploads",
  "messageFiles",
  "documents",
  "documentVersions",
  "documentFiles",
  "suggestions",
  "contentUse",
  "importGroups",
];

/**
 * Reads every row that an import makes. Of the ledger's pieces it reads the keys, because their
 * numbers depend on how often a group was written.
 */
export async function stateOf(target: Target): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  const tables = [
    ...homeTables.map((table) => ["home", table] as const),
    ...contentTables.map((table) => ["content", table] as const),
  ];
  for (const [database, table] of tables) {
    const rows = await rowsIn(target, `SELECT * FROM ${table}`, database);
    state[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  const known = await rowsIn<{ name: string }>(
    target,
    `SELECT DISTINCT kind || ' ' || groupId || ' ' || tableName || ' ' || rowKey.value AS name
      FROM importRows, json_each(rowKeys) AS rowKey ORDER BY name`,
  );
  state.importRows = known.map(({ name }) => name);
  return state;
}

/** Checks that the triggers' counts are those of the rows, and that no foreign key is broken. */
export async function expectSound(target: Target): Promise<void> {
  const recount = `
    SELECT userId, sum(chats) AS chats, sum(messages) AS messages, sum(textBytes) AS textBytes,
      sum(fileBytes) AS fileBytes
    FROM (
      SELECT * FROM (
        SELECT userId, 1 AS chats, 0 AS messages, octet_length(title) AS textBytes, 0 AS fileBytes
          FROM chats
        UNION ALL SELECT userId, 0, 1, octet_length(parts), 0 FROM messages
        UNION ALL SELECT userId, 0, 0, octet_length(title) + 300, 0 FROM documents
      )
      UNION ALL SELECT * FROM (
        SELECT userId, 0, 0, octet_length(content) + 300, 0 FROM documentVersions
        UNION ALL SELECT userId, 0, 0,
          octet_length(original) + octet_length(proposed) + octet_length(reason) + 300, 0
          FROM suggestions
        UNION ALL SELECT userId, 0, 0, 0, bytes + coalesce(thumbnailBytes, 0) FROM uploads
          WHERE state = 'ready'
      )
    ) GROUP BY userId ORDER BY userId`;
  const counted = `
    SELECT userId, chats, messages, textBytes, fileBytes FROM contentUse
    WHERE chats + messages + textBytes + fileBytes > 0 ORDER BY userId`;
  expect(await rowsIn(target, counted)).toEqual(await rowsIn(target, recount));
  const linked = `
    SELECT messages.userId, messages.id AS messageId, substr(part.value ->> 'url', 8) AS uploadId
    FROM messages, json_each(messages.parts) AS part
    WHERE part.value ->> 'type' = 'file' AND part.value ->> 'url' LIKE '/files/%'
    ORDER BY messageId, uploadId`;
  const links = "SELECT userId, messageId, uploadId FROM messageFiles ORDER BY messageId, uploadId";
  expect(await rowsIn(target, links)).toEqual(await rowsIn(target, linked));
  expect(await rowsIn(target, "PRAGMA foreign_key_check")).toEqual([]);
}
