import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./lib/processes.ts";
import { seedLocally } from "./lib/seed.ts";
import { writeStorageConfig } from "./lib/storage-config.ts";
import { databaseFiles, makeEmptyStorage } from "./lib/test-storage.ts";
import { localWranglerEnv, migrateLocally, restoreLocally } from "./lib/wrangler.ts";

// `d1 export` reads the storage beside its configuration, and takes no other.
const directory = mkdtempSync(join(tmpdir(), "backup-"));
const stateDir = join(directory, ".wrangler/state");
const restoredDir = join(directory, "restored");
const backup = join(directory, "backup.sql");

/** Rows for the tables that the seed leaves empty. The seed's chat 1 has the messages 100 to 103. */
const otherRows = `
INSERT INTO sessions SELECT 's', 'hash', id, 1, 2, 3, 'It''s "a" browser' FROM users WHERE name = 'Ada';
INSERT INTO pushSubscriptions SELECT 's', id, 'https://push.example/a;b', 'key', 'auth', 1 FROM users WHERE name = 'Ada';
INSERT INTO passwordResets SELECT id, 'r', 'hash', 1, 2 FROM users WHERE name = 'Ada';
INSERT INTO invites VALUES ('i', 'hash', NULL, 5, 1, 'actor', 1, 2, NULL);
INSERT INTO apiTokens SELECT 't', id, 'Über 東京 🚀', 'hash', '["chat"]', 1, NULL, NULL FROM users WHERE name = 'Ada';
INSERT INTO publicChats SELECT 'c', id, 1 FROM users WHERE name = 'Ada';
INSERT INTO auditEvents VALUES ('e', 'actor', 'file.read', 'upload', 'f', NULL, 1, 'It''s a test', NULL, '{"a":"b;--"}');
INSERT INTO ownerLimits VALUES (NULL, 'user', 'messagesPerDay', NULL);
INSERT INTO ownerLimits SELECT id, NULL, 'fileMaxBytes', 94371840 FROM users WHERE name = 'Grace';
INSERT INTO siteSettings VALUES (1, 2, 'c', '{"signUp":"off"}', 3, '{"it''s":{"name":"A;b"}}', 2500000000);
INSERT INTO answerDays VALUES ('2026-11-28', 'it''s', 1, 0, 0, 1, 2, 3, 4);
INSERT INTO jobRuns VALUES ('sessions', 1, 2, 'failed', 1, 'It''s an error', NULL);
INSERT INTO preferences SELECT id, NULL, 9007199254740991 FROM users;
INSERT INTO usageDays SELECT id, '2026-11-28', 'demo', 1, 2, 3, 4 FROM users;
INSERT INTO documents (userId, id, kind, title, version, createdAt, updatedAt)
  SELECT id, 'd', 'text', 'It''s', 1, 1, 1 FROM users;
INSERT INTO documentVersions (userId, documentId, version, number, author, content, contentHash, startedAt, createdAt)
  SELECT id, 'd', 1, 1, 'person', 'a' || char(13) || char(10) || '🚀', 'hash', 1, 1 FROM users;
INSERT INTO suggestions (userId, documentId, id, version, original, start, proposed, reason, createdAt)
  SELECT id, 'd', 's', 1, 'a', 0, 'b;--' || char(10), 'It''s 🚀', 1 FROM users;
INSERT INTO goneChats (userId, objectName, dueAt) SELECT id, id || '/it''s gone', 1 FROM users;
INSERT INTO openStreams (userId, path, createdAt, bytes) SELECT id, '/a;b--c', 1, 5 FROM users;
INSERT INTO votes (userId, messageId, isUpvoted, updatedAt) SELECT userId, id, 1, 1 FROM messages WHERE role = 'assistant';
INSERT INTO uploads (userId, id, chatId, name, mediaType, bytes, sha256, state, createdAt, draftedAt)
  SELECT userId, 'file-' || row_number() OVER (), chatId, 'a''b' || char(10) || 'c.png', 'image/png', 5, 'sum', 'ready', 1, 2
  FROM messages WHERE role = 'user';
INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt)
  SELECT userId, 'with-' || id, chatId, 'user', json_array(
    json_object('type', 'file', 'url', '/files/' || id),
    json_object('type', 'text', 'text', 'Two' || char(10) || 'lines; it''s \\n')
  ), 'complete', 1
  FROM uploads;
DELETE FROM messages WHERE id = 'with-file-1';
INSERT INTO documents (userId, id, kind, title, version, createdAt, updatedAt)
  SELECT userId, 'p', 'image', 'A picture', 1, 1, 1 FROM uploads WHERE id = 'file-2';
INSERT INTO documentVersions (userId, documentId, version, number, author, content, contentHash, startedAt, createdAt)
  SELECT userId, 'p', 1, 1, 'model', json_object('url', '/files/' || id), 'hash', 1, 1 FROM uploads WHERE id = 'file-2';
-- A long answer, with quote marks and characters of several bytes.
UPDATE messages SET parts = json_array(json_object(
  'type', 'text', 'text', replace(hex(zeroblob(60000)), '00', 'it''s 🚀' || char(8232))
)) WHERE id = 'with-file-2';
`;

/** Opens the one database of a storage; both bindings name it. */
function openDatabase(state: string): DatabaseSync {
  const [file = "", ...others] = databaseFiles(state);
  expect(others).toEqual([]);
  return new DatabaseSync(file);
}

/** Every row of every table, and the SQL of every table, index and trigger. */
function readDatabase(state: string) {
  const database = openDatabase(state);
  const schema = database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB '_cf_*' ORDER BY name")
    .all();
  const names = schema.filter(({ type }) => type === "table").map(({ name }) => String(name));
  const rows = names.map((name) => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${name}')`).all();
    const order = columns.map((_, index) => index + 1).join(", ");
    return [name, database.prepare(`SELECT * FROM "${name}" ORDER BY ${order}`).all()] as const;
  });
  database.close();
  return { schema, rows: Object.fromEntries(rows) };
}

beforeAll(async () => {
  writeStorageConfig(directory, "d1_databases");
  await makeEmptyStorage(stateDir);
  await seedLocally(stateDir);
  const database = openDatabase(stateDir);
  database.exec(otherRows);
  database.close();
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("an export of the database restores to the same rows and the same schema", async () => {
  const original = readDatabase(stateDir);
  const empty = Object.entries(original.rows).filter(([, rows]) => rows.length === 0);
  expect(empty).toEqual([]);
  const triggers = original.schema.filter(({ type }) => type === "trigger");
  expect(triggers).toHaveLength(47);

  const { code, output } = await runCommand(
    "wrangler",
    ["d1", "export", "HOME", "--local", "--output", backup],
    { cwd: directory, env: { ...localWranglerEnv(stateDir), CI: "true" } },
  );
  expect(code, output).toBe(0);
  await restoreLocally(restoredDir, backup);
  expect(readDatabase(restoredDir)).toEqual(original);
});

test("an export is not restored over a database, nor without a file", async () => {
  await expect(restoreLocally(stateDir, backup)).rejects.toThrow("There is a database in");
  const emptyDir = join(directory, "empty");
  await expect(restoreLocally(emptyDir, join(directory, "none.sql"))).rejects.toThrow(
    "There is no file",
  );
});

test("local data with a migration that has no file is not migrated", async () => {
  const database = openDatabase(stateDir);
  database.exec("INSERT INTO migrations_content (name) VALUES ('0004_search.sql')");
  database.close();
  await expect(migrateLocally(stateDir)).rejects.toThrow(
    `The local data in ${stateDir} has applied the migration content/0004_search.sql,`,
  );
});
