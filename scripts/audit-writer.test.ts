import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "./lib/paths.ts";

/** @returns whether a source inserts, updates or deletes rows of `auditEvents` */
function writesAuditEvents(source: string): boolean {
  return (
    /\b(insertInto|replaceInto|mergeInto|updateTable|deleteFrom)\(\s*["'`]auditEvents/.test(
      source,
    ) ||
    /\b(INSERT( OR \w+)? INTO|REPLACE INTO|UPDATE( OR \w+)?|DELETE FROM)\s+["`[]?auditEvents\b/i.test(
      source,
    )
  );
}

test.each([
  'home.kysely.insertInto("auditEvents").values(row)',
  "home.kysely\n  .deleteFrom(\n  'auditEvents'\n)",
  'kysely.updateTable("auditEvents as e")',
  "sql`INSERT INTO auditEvents (id) VALUES (1)`",
  "sql`insert or ignore into\n  auditEvents (id) VALUES (1)`",
  "sql`DELETE FROM auditEvents`",
  'prepare("UPDATE auditEvents SET ownerId = NULL")',
])("%j writes audit events", (source) => {
  expect(writesAuditEvents(source)).toBe(true);
});

test("only features/audit/record-event.ts writes audit events", () => {
  const sources = ["api-worker/src", "db", "scripts", "web/app", "web/functions"]
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: fromRoot(".") }))
    .filter((path) => !/node_modules|\/dist\/|\.test\.tsx?$/.test(path));
  expect(sources.length).toBeGreaterThan(200);
  const writers = sources.filter((path) => writesAuditEvents(readFileSync(fromRoot(path), "utf8")));
  expect(writers).toEqual(["api-worker/src/features/audit/record-event.ts"]);
});
