/** Whatever is changed in what was copied is found, and named by table, row and column. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Source, Statement, Target, Value } from "../model.ts";
import { openSource } from "../source/open-source.ts";
import { type BlobServer, startBlobServer } from "../test/blob-server.ts";
import { lifelike } from "../test/fixtures/lifelike.ts";
import { blobPaths, blobUrl, fillNasty, id, ownTables } from "../test/fixtures/nasty.ts";
import { createSchema } from "../test/fixtures/schema.ts";
import { openTestTarget, type TestTarget } from "../test/local-target.ts";
import { startPostgres, type TestPostgres } from "../test/postgres.ts";
import { filesOfRun, runOn } from "../test/run.ts";
import { quoted } from "../types/quoted.ts";
import { type StoredTable, storedTables } from "./stored/stored-tables.ts";
import type { Verification } from "./verification.ts";
import { verifyImport } from "./verify-import.ts";

let postgres: TestPostgres;
let blob: BlobServer;
let local: TestTarget;
let source: Source;
let target: Target;
beforeAll(async () => {
  postgres = await startPostgres();
  blob = await startBlobServer();
  for (const path of blobPaths) blob.files.set(path, { bytes: lifelike.picture });
  // Old and new rows of messages and votes, and documents with everything.
  const rows = fillNasty("last-context")
    .replaceAll(blobUrl, blob.urlOf(""))
    .replace(/x{1000,}/, "a long text");
  await postgres.run([createSchema("last-context"), rows, ownTables].join("\n"));
  local = await openTestTarget();
  target = local.target;
  source = await openSource(postgres.url);
  const { failure } = await runOn({ source, target, blob });
  expect(failure).toBeNull();
});
afterAll(async () => {
  await source.close();
  await local.close();
  await blob.close();
  await postgres.stop();
});

function verify(): Promise<Verification> {
  return verifyImport({
    ...{ source, target, zone: "UTC", isWhole: true },
    fetchFile: filesOfRun({ source, target, blob }).fetch,
  });
}

/** Runs statements without triggers and foreign keys in the way, as a fault of the disk would. */
async function damage(database: "home" | "content", ...statements: readonly Statement[]) {
  const triggers = await target.query<{ name: string; sql: string }>(database, {
    sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
    params: [],
  });
  await target.batch(database, [
    { sql: "PRAGMA defer_foreign_keys = on", params: [] },
    ...triggers.map(({ name }) => ({ sql: `DROP TRIGGER ${quoted(name)}`, params: [] })),
    ...statements,
    ...triggers.map(({ sql }) => ({ sql, params: [] })),
  ]);
}

type Row = Readonly<Record<string, Value>>;

async function readTable({ name, database, key }: StoredTable): Promise<readonly Row[]> {
  const order = key.map(quoted).join(", ");
  const sql = `SELECT * FROM ${quoted(name)} ORDER BY ${order}`;
  return await target.query<Row>(database, { sql, params: [] });
}

function assign(table: StoredTable, row: Row, column: string, value: Value): Statement {
  const where = table.key.map((name) => `${quoted(name)} = ?`).join(" AND ");
  const sql = `UPDATE ${quoted(table.name)} SET ${quoted(column)} = ? WHERE ${where}`;
  return { sql, params: [value, ...table.key.map((name) => row[name] as Value)] };
}

const others: Readonly<Record<string, readonly Value[]>> = {
  role: ["user", "assistant", "admin"],
  titleSource: ["model", "owner"],
  visibility: ["private", "public"],
  status: ["complete", "stopped"],
  author: ["person", "model"],
  state: ["open", "accepted", "rejected"],
};

/** Another value that the table takes. */
function changed(table: StoredTable, column: string, value: Value): Value {
  const choice =
    table.name === "messages" && column === "role" ? ["user", "assistant"] : others[column];
  if (table.name === "users" && column === "role") return "admin";
  if (choice) return choice.find((one) => one !== value) ?? null;
  if (column === "parts") return String(value).replace(/[a-z](?=[^a-z]*$)/, "X");
  if (/^is[A-Z]/.test(column)) return value === 1 ? 0 : 1;
  if (typeof value === "number") return value + 1;
  if (value !== null) return `${value}x`;
  const isNumber = /At$|Tokens$|Version$|Since$|^restoredFrom$/.test(column);
  return isNumber ? 1 : "x";
}

/** Columns whose foreign keys refuse a value that no row has. */
const refused = [
  ...[
    "users.isGuest",
    "users.carriedToUserId",
    "chats.userId",
    "chats.id",
    "messages.userId",
    "messages.id",
  ],
  ...["messages.chatId", "messages.parentId", "votes.userId", "votes.messageId"],
  ...["messageFiles.userId", "messageFiles.messageId", "messageFiles.uploadId"],
  ...["documents.userId", "documents.id", "documents.chatId", "documentVersions.userId"],
  ...["documentVersions.documentId", "documentVersions.version", "suggestions.userId"],
  ...["suggestions.documentId", "documentFiles.userId", "documentFiles.documentId"],
  ...["documentFiles.version", "documentFiles.uploadId"],
];

/** Changes a value in a table. @returns what takes it back; null when a constraint refuses it */
async function change(table: StoredTable, column: string): Promise<Statement | null> {
  const rows = await readTable(table);
  const row = rows[Math.floor(rows.length / 2)];
  if (!row) throw new Error(`The fixture has no rows of ${table.name}.`);
  const value = row[column] as Value;
  const bad = changed(table, column, value);
  try {
    await damage(table.database, assign(table, row, column, bad));
  } catch (error) {
    // What a key of another table refuses cannot be there. D1 has no words for it at the end of a batch.
    expect(String(error)).toMatch(/constraint|internal error/i);
    expect(refused).toContain(`${table.name}.${column}`);
    return null;
  }
  return assign(table, table.key.includes(column) ? { ...row, [column]: bad } : row, column, value);
}

// One column of each table at a time.
const rounds = Array.from(
  { length: Math.max(...storedTables.map(({ columns }) => columns.length)) },
  (_, round) => round,
);

test.each(rounds)("a changed value in column %i of every table", async (round) => {
  const cures: (readonly [StoredTable, Statement])[] = [];
  try {
    for (const table of storedTables) {
      const column = table.columns[round];
      const cure = column === undefined ? null : await change(table, column);
      if (cure) cures.unshift([table, cure]);
    }
    const { differences } = await verify();
    const found = new Set(differences.map(({ table }) => table));
    expect(cures.map(([{ name }]) => name).filter((name) => !found.has(name))).toEqual([]);
  } finally {
    for (const [{ database }, cure] of cures) await damage(database, cure);
  }
});

const bare = (sql: string, ...params: readonly Value[]): Statement => ({ sql, params });

/** Runs a damage, compares, and takes the damage back. */
async function findAfter(
  database: "home" | "content",
  harm: readonly Statement[],
  cure: readonly Statement[],
): Promise<Verification> {
  await damage(database, ...harm);
  try {
    return await verify();
  } finally {
    await damage(database, ...cure);
  }
}

/** Puts a row back as it was. */
function insert(table: StoredTable, row: Row): Statement {
  const names = Object.keys(row);
  const sql = `INSERT INTO ${quoted(table.name)} (${names.map(quoted).join(", ")})
    VALUES (${names.map(() => "?").join(", ")})`;
  return { sql, params: Object.values(row) };
}

// Rows on which others depend are dropped with these, so only leaves are dropped here alone.
test.each(["votes", "messageFiles", "publicChats", "suggestions", "documentFiles"])(
  "a dropped row of %s",
  async (name) => {
    const table = storedTables.find((one) => one.name === name) as StoredTable;
    const [row] = await readTable(table);
    if (!row) throw new Error(`The fixture has no rows of ${name}.`);
    const where = table.key.map((column) => `${quoted(column)} = ?`).join(" AND ");
    const key = table.key.map((column) => row[column] as Value);
    const { differences } = await findAfter(
      table.database,
      [bare(`DELETE FROM ${quoted(name)} WHERE ${where}`, ...key)],
      [insert(table, row)],
    );
    expect(differences).toContainEqual(expect.objectContaining({ table: name, kind: "missing" }));
  },
);

test("a dropped message, the last of its chat", async () => {
  const messages = storedTables.find(({ name }) => name === "messages") as StoredTable;
  const rows = await readTable(messages);
  const row = rows.findLast(
    ({ id, parts }) =>
      !rows.some(({ parentId }) => parentId === id) && !String(parts).includes("/files/"),
  ) as Row;
  const { differences } = await findAfter(
    "content",
    [bare("DELETE FROM messages WHERE id = ?", row.id as Value)],
    [insert(messages, row)],
  );
  expect(differences).toContainEqual(
    expect.objectContaining({
      table: "messages",
      kind: "missing",
      key: expect.stringContaining(String(row.id)),
    }),
  );
});

test("a doubled message", async () => {
  const messages = storedTables.find(({ name }) => name === "messages") as StoredTable;
  const [row] = await readTable(messages);
  const twin = { ...row, id: "00000000-0000-4000-8000-00000000d0b1" };
  const { differences } = await findAfter(
    "content",
    [insert(messages, twin)],
    [bare("DELETE FROM messages WHERE id = ?", twin.id)],
  );
  expect(differences).toContainEqual(
    expect.objectContaining({ table: "messages", kind: "doubled" }),
  );
});

test("a changed, a dropped and a doubled row of the owner’s own tables", async () => {
  const found = async (harm: string, cure: string) =>
    (await findAfter("content", [bare(harm)], [bare(cure)])).differences.map(({ table }) => table);
  const members = "legacy_Team_members";
  expect(
    await found(
      `UPDATE ${members} SET data = '00fe' WHERE data = '00ff'`,
      `UPDATE ${members} SET data = '00ff' WHERE data = '00fe'`,
    ),
  ).toContain(members);
  await target.batch("content", [
    bare("CREATE TABLE kept AS SELECT * FROM legacy_clicks WHERE page = '/a' LIMIT 1"),
  ]);
  expect(
    await found(
      "DELETE FROM legacy_clicks WHERE _row = (SELECT _row FROM kept)",
      "INSERT INTO legacy_clicks SELECT * FROM kept",
    ),
  ).toContain("legacy_clicks");
  expect(
    await found(
      "INSERT INTO legacy_clicks SELECT _row || '0', page, at FROM kept",
      "DELETE FROM legacy_clicks WHERE _row = (SELECT _row || '0' FROM kept)",
    ),
  ).toContain("legacy_clicks");
  await target.batch("content", [bare("DROP TABLE kept")]);
});

test("chats with their owners swapped", async () => {
  const swap = [
    ...["messages", "chats"].map((table) =>
      bare(
        `UPDATE ${table} SET userId = CASE userId WHEN ?1 THEN ?2 ELSE ?1 END
          WHERE userId IN (?1, ?2) AND ${table === "chats" ? "id" : "chatId"} IN (?3, ?4)`,
        ...[id("u", 2), id("u", 3), id("c", 3), id("c", 4)],
      ),
    ),
  ];
  const { differences } = await findAfter("content", swap, swap);
  const chats = differences.filter(({ table }) => table === "chats");
  expect(chats.map(({ column }) => column)).toEqual(["userId", "userId"]);
});

test("a changed byte of each file, and a file that is gone", async () => {
  const uploads = await target.query<{ id: string }>("content", bare("SELECT id FROM uploads"));
  expect(uploads.length).toBeGreaterThan(1);
  for (const upload of uploads) {
    const key = `uploads/${upload.id}`;
    const bytes = (await target.files.get(key)) as Uint8Array;
    const bad = bytes.slice();
    bad[0] = (bad[0] ?? 0) ^ 1;
    await target.files.put(key, bad, "image/png");
    const changedBytes = await verify();
    await target.files.delete([key]);
    const gone = await verify();
    await target.files.put(key, bytes, "image/png");
    for (const { differences } of [changedBytes, gone]) {
      expect(differences).toContainEqual(
        expect.objectContaining({ kind: "file", key: `id ${upload.id}` }),
      );
    }
  }
});

test("another chat and another time of a file", async () => {
  const [upload] = await target.query<Row>("content", bare("SELECT * FROM uploads"));
  for (const [column, bad] of [
    ["chatId", id("c", 7)],
    ["createdAt", 1],
  ] as const) {
    const set = (value: Value) =>
      bare(`UPDATE uploads SET ${column} = ? WHERE id = ?`, value, upload?.id as Value);
    const { differences } = await findAfter(
      "content",
      [set(bad)],
      [set(upload?.[column] as Value)],
    );
    expect(differences).toContainEqual(
      expect.objectContaining({ table: "uploads", key: `id ${upload?.id}`, column }),
    );
  }
});

test("nothing is found afterwards", async () => {
  expect((await verify()).differences).toEqual([]);
});
