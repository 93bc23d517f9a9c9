import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { splitLongInserts } from "./lib/restore.ts";

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function splitLines(lines: readonly string[]): Promise<string[]> {
  const statements: string[] = [];
  for await (const statement of splitLongInserts(toAsync(lines))) statements.push(statement);
  return statements;
}

test.each([
  ["quote marks", "''"],
  ["characters beyond U+FFFF", "🚀"],
  ["characters of three bytes", "東"],
])("a long text of %s is restored from pieces that D1 takes", async (_, character) => {
  for (const indent of ["", "a", "aa", "aaa"]) {
    const text = indent + character.repeat(60_000);
    const lines = [
      `INSERT INTO "a" ("b;'","c") VALUES('short','${text}');`,
      `INSERT INTO "a" ("b;'","c") VALUES('${text}',replace('${text}\\n','\\n',char(10)));`,
      "CREATE INDEX d ON a (c);",
    ];
    const statements = await splitLines(lines);
    for (const statement of statements) {
      expect(Buffer.byteLength(statement)).toBeLessThan(100_000);
      expect(statement.isWellFormed()).toBe(true);
    }
    const database = new DatabaseSync(":memory:");
    database.exec(`CREATE TABLE a ("b;'" TEXT, c TEXT)`);
    database.exec(statements.join(""));
    const expected = text.replaceAll("''", "'");
    expect(database.prepare("SELECT * FROM a").all()).toEqual([
      { "b;'": "short", c: expected },
      { "b;'": expected, c: `${expected}\n` },
    ]);
    const names = database.prepare("SELECT name FROM sqlite_schema ORDER BY name").all();
    expect(names.map(({ name }) => name)).toEqual(["a", "d"]);
    database.close();
  }
});

test("an export without long statements stays as it is", async () => {
  const lines = ["PRAGMA defer_foreign_keys=TRUE;", "CREATE TABLE a (", "  b TEXT", ");"];
  expect((await splitLines(lines)).join("")).toBe(lines.map((line) => `${line}\n`).join(""));
});
