import type { DatabaseSync } from "node:sqlite";

/** What tests of backups store: texts that have been lost on the way once, in exports, in statements, in JSON. */

/**
 * Adds rows to a database with the product's tables.
 *
 * @param userId of a user, who gets them
 */
export function addRows(database: DatabaseSync, userId: string): void {
  const owner = `'${userId}'`;
  database.exec(`
INSERT INTO chats (userId, id, title, createdAt, updatedAt)
  VALUES (${owner}, 'c', 'Two' || char(10) || 'lines; it''s \\n', 1, 1);
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 600)
  INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, createdAt)
  SELECT ${owner}, 'm' || n, 'c', iif(n > 1, 'm' || (n - 1), NULL), iif(n % 2, 'user', 'assistant'), '[]', 'complete', n FROM number;
INSERT INTO documents (userId, id, kind, title, version, createdAt, updatedAt)
  VALUES (${owner}, 'd', 'code', 'nul ' || char(0) || ' 🚀' || char(8232), 2, 1, 1);
WITH versions (n) AS (VALUES (1), (2))
  INSERT INTO documentVersions (userId, documentId, version, number, author, content, contentHash, startedAt, createdAt)
  SELECT ${owner}, 'd', n, n, 'person', replace(hex(zeroblob(90000)), '00', 'it''s 🚀' || char(10) || '\\n'), 'h', n, 9007199254740991
  FROM versions;
INSERT INTO users (id, isGuest, createdAt, carriedToUserId, carriedAt)
  VALUES ('0-older-than-its-account', 1, 1, ${owner}, 2);
INSERT INTO ownerLimits VALUES (NULL, 'user', 'messagesPerDay', NULL);
INSERT INTO searchChanges (id, userId, chatId, scope) VALUES (4711, 'gone', '', 'all');
DELETE FROM searchChanges WHERE id = 4711;
`);
}

/** Metadata of objects by their keys; the bytes of each are its key. */
export const objectMetadata = {
  "streams/of-a-day": { http: { contentType: "text/plain" }, custom: { userId: "u" } },
  "uploads/1": { http: { contentType: "image/png", cacheControl: "private" }, custom: {} },
  "uploads/1/text": { http: {}, custom: { "a key": "ä" } },
  "uploads/ä 🚀%": { http: { contentType: "text/plain" }, custom: {} },
} as const;

/** Every row of every table, in any order, and the SQL of all tables, indexes and triggers. */
export function readDatabase(database: DatabaseSync) {
  const schema = database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB '_cf_*' ORDER BY name")
    .all();
  const tables = schema
    .filter(({ type }) => type === "table")
    .map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`).all();
      return [name, rows.map((row) => JSON.stringify(row)).sort()];
    });
  return { schema, tables };
}
