import { expect, test } from "vitest";
import type { LegacyTable } from "../model.ts";
import { convertLegacy, legacyStatements } from "./legacy.ts";

function table(columns: readonly string[], key: readonly string[]): LegacyTable {
  return {
    ...{ name: "legacy_t", source: "t", key, rows: "all" },
    columns: columns.map((name) => ({
      ...{ name, type: "text", baseType: name === "id" ? "integer" : "text", isNullable: true },
    })),
  };
}

test("columns that differ only by case both stay", () => {
  const own = table(["id", "Select", "select"], ["id"]);
  expect(legacyStatements(own, [])).toEqual([
    {
      sql: `CREATE TABLE IF NOT EXISTS "legacy_t" ("id" INTEGER, "Select" TEXT, "select_2" TEXT, PRIMARY KEY ("id"))`,
      params: [],
    },
  ]);
  const { tables } = convertLegacy({
    ...{ kind: "legacy", id: "legacy_t:0", table: own },
    rows: [{ id: "7", Select: "a", select: null }],
  });
  expect(tables[0]).toMatchObject({ key: ["id"], rows: [{ id: 7, Select: "a", select_2: null }] });
});

test("equal rows of a table without a key are all kept, under keys that stay", () => {
  const own = table(["page"], []);
  const convert = (pages: readonly (string | null)[]) =>
    convertLegacy({
      ...{ kind: "legacy", id: "legacy_t:0", table: own },
      rows: pages.map((page) => ({ page })),
    }).tables[0]?.rows;
  const rows = convert(["/a", "/a", null, ""]) ?? [];
  expect(new Set(rows.map(({ _row }) => _row)).size).toBe(4);
  expect(rows.map(({ page }) => page)).toEqual(["/a", "/a", null, ""]);
  expect(convert(["/a", "/b", null, ""])?.[0]).toEqual(rows[0]);
});

test("a column that the owner has added since the last run is added", () => {
  expect(legacyStatements(table(["id", "Plan"], ["id"]), ["id"])).toEqual([
    { sql: `ALTER TABLE "legacy_t" ADD COLUMN "Plan" TEXT`, params: [] },
  ]);
  expect(legacyStatements(table(["id", "Plan"], ["id"]), ["id", "plan"])).toEqual([]);
});

test("what exceeds D1’s 100 columns is kept as JSON, and the key is not among it", () => {
  const names = Array.from({ length: 120 }, (_, index) => `c${index}`);
  const own = table([...names, "id"], ["id"]);
  const [statement] = legacyStatements(own, []);
  expect(statement?.sql.match(/ (TEXT|INTEGER)/g)).toHaveLength(99);
  const row = Object.fromEntries([...names.map((name) => [name, name]), ["id", "1"]]);
  const { tables } = convertLegacy({
    ...{ kind: "legacy", id: "legacy_t:0", table: own, rows: [row] },
  });
  const [stored] = tables[0]?.rows ?? [];
  expect(stored?.id).toBe(1);
  const more = JSON.parse(String(stored?._more));
  expect(Object.keys({ ...stored, ...more }).filter((name) => name.startsWith("c"))).toHaveLength(
    120,
  );
});
