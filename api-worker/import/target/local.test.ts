import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestTarget, type TestTarget } from "../test/local-target.ts";
import { openLocalTarget } from "./local.ts";

let opened: TestTarget;
beforeAll(async () => {
  opened = await openTestTarget();
});
afterAll(() => opened.close());

test("a folder without a database is refused, with the command that makes one", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "import-empty-"));
  try {
    await expect(openLocalTarget({ stateDir })).rejects.toThrow(
      /There is no database in .*db:migrate/,
    );
  } finally {
    await rm(stateDir, { recursive: true });
  }
});

test("a database that lacks a migration is refused, and one with an unknown migration too", async () => {
  const { target, stateDir } = opened;
  const change = (sql: string) => target.batch("content", [{ sql, params: [] }]);
  await change("UPDATE migrations_content SET name = 'x.sql' WHERE name LIKE '0012%'");
  await expect(openLocalTarget({ stateDir })).rejects.toThrow(
    /content database lacks 1 of this version’s migrations, first 0012_search_documents.sql/,
  );
  await change("INSERT INTO migrations_content (name) VALUES ('0012_search_documents.sql')");
  await expect(openLocalTarget({ stateDir })).rejects.toThrow(/has the migration x.sql/);
  await change("DELETE FROM migrations_content WHERE name = 'x.sql'");
  await (await openLocalTarget({ stateDir })).close();
});
