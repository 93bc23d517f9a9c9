import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type ContentTable, contentTables, sumTables, tablesWith } from "./content-tables.ts";

const registered: Readonly<Record<string, ContentTable>> = contentTables;

interface FoundTable {
  readonly name: string;
  readonly type: "table" | "virtual" | "view" | "shadow";
}

/** The tables and views in the database, without the platform's own. */
async function listTables(): Promise<FoundTable[]> {
  const { results } = await env.CONTENT.prepare(
    "SELECT name, type FROM pragma_table_list WHERE schema = 'main'",
  ).all<FoundTable>();
  return results.filter(({ name }) => !/^(sqlite_|_cf_|migrations_)/.test(name));
}

const sums: readonly string[] = sumTables;

async function columnsOf(table: string): Promise<string[]> {
  const { results } = await env.CONTENT.prepare("SELECT name FROM pragma_table_info(?)")
    .bind(table)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** The columns of foreign keys that refer to the ids of a table. */
async function referencesTo(target: string, table: string): Promise<string[]> {
  const { results } = await env.CONTENT.prepare(
    `SELECT "from" AS name FROM pragma_foreign_key_list(?) WHERE "table" = ? AND "to" = 'id'`,
  )
    .bind(table, target)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** The differences between the registry and the database, one line each. */
async function findGaps(): Promise<string[]> {
  const gaps: string[] = [];
  for (const { name, type } of await listTables()) {
    if (sums.includes(name)) continue;
    const entry = registered[name];
    const columns = await columnsOf(name);
    if (type === "virtual" || type === "shadow") {
      gaps.push(`${name} belongs to a virtual table, and D1 exports no database with one`);
    } else if (!entry) {
      gaps.push(`${name} is not registered`);
    } else {
      if (!columns.includes(entry.owner)) gaps.push(`${name} has no column ${entry.owner}`);
      const chatIds = [...(await referencesTo("chats", name)), "chatId"];
      const messageIds = [...(await referencesTo("messages", name)), "messageId", "parentId"];
      const needed = { chatIds, messageIds };
      for (const key of ["chatIds", "messageIds"] as const) {
        const missing = columns.filter(
          (column) => needed[key].includes(column) && !entry[key].includes(column),
        );
        gaps.push(...missing.map((column) => `${key} of ${name} lacks ${column}`));
        const unknown = entry[key].filter((column) => !columns.includes(column));
        gaps.push(...unknown.map((column) => `${name} has no column ${column}`));
      }
    }
  }
  return gaps;
}

test("every table and view of the content database is registered, and nothing else", async () => {
  expect(await findGaps()).toEqual([]);
  const names = (await listTables()).map(({ name }) => name).sort();
  expect(names).toEqual([...Object.keys(registered), ...sums].sort());
});

test("a table of sums names no user, no chat and no message", async () => {
  for (const table of sums) {
    expect(
      (await columnsOf(table)).filter((name) => /id$/i.test(name) && name !== "modelId"),
    ).toEqual([]);
  }
});

test.each([
  [
    "CREATE TABLE drafts (userId TEXT NOT NULL, text TEXT NOT NULL) STRICT",
    "DROP TABLE drafts",
    ["drafts is not registered"],
  ],
  [
    "CREATE VIEW drafts AS SELECT userId, count(*) AS n FROM chats GROUP BY userId",
    "DROP VIEW drafts",
    ["drafts is not registered"],
  ],
  [
    "CREATE TABLE drafts_data (id INTEGER PRIMARY KEY, block BLOB)",
    "DROP TABLE drafts_data",
    ["drafts_data is not registered"],
  ],
  [
    "CREATE VIRTUAL TABLE drafts USING fts5(words, content = '')",
    "DROP TABLE drafts",
    ["drafts", "drafts_config", "drafts_data", "drafts_docsize", "drafts_idx"].map(
      (name) => `${name} belongs to a virtual table, and D1 exports no database with one`,
    ),
  ],
  [
    "ALTER TABLE preferences ADD COLUMN chatId TEXT",
    "ALTER TABLE preferences DROP COLUMN chatId",
    ["chatIds of preferences lacks chatId"],
  ],
])("a change that the registry does not know is found: %s", async (change, undo, gaps) => {
  await env.CONTENT.prepare(change).run();
  try {
    expect((await findGaps()).sort()).toEqual(gaps);
  } finally {
    await env.CONTENT.prepare(undo).run();
  }
});

test("a table that goes by cascade has a foreign key that cascades", async () => {
  for (const table of tablesWith("deletion", "cascade")) {
    const { results } = await env.CONTENT.prepare(
      "SELECT on_delete AS onDelete FROM pragma_foreign_key_list(?)",
    )
      .bind(table)
      .all<{ onDelete: string }>();
    expect(
      results.map(({ onDelete }) => onDelete),
      table,
    ).toContain("CASCADE");
  }
});

test("tables come in the order in which their foreign keys can be filled", async () => {
  const names = Object.keys(registered);
  for (const table of names) {
    const { results } = await env.CONTENT.prepare(
      'SELECT "table" AS target FROM pragma_foreign_key_list(?)',
    )
      .bind(table)
      .all<{ target: string }>();
    for (const { target } of results) {
      expect(names.indexOf(target), `${table} → ${target}`).toBeLessThanOrEqual(
        names.indexOf(table),
      );
    }
  }
});
