import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { migrationNumbers } from "../db/src/migration-numbers.ts";
import { findChangedMigrations, readMigrations } from "./lib/migration-files.ts";
import { findShapeFaults } from "./lib/migration-shape.ts";
import { fromRoot } from "./lib/paths.ts";

const migrations = readMigrations();

test.each([...migrations])("%s has the shape that D1 takes on the platform", (_, sql) => {
  expect(findShapeFaults(sql)).toEqual([]);
});

test("the worker expects the last migrations", () => {
  const last = (folder: string) =>
    Math.max(
      ...[...migrations.keys()].map((path) =>
        Number(path.split(`${folder}/`)[1]?.slice(0, 4) ?? 0),
      ),
    );
  // In db/src/migration-numbers.ts.
  expect(migrationNumbers).toEqual({ home: last("home"), content: last("content") });
});

const faulty: readonly (readonly [name: string, sql: string, faults: string[]])[] = [
  [
    "a trigger of several lines",
    "CREATE TABLE a (b TEXT);\nCREATE TRIGGER c AFTER INSERT ON a BEGIN\n  DELETE FROM a;\nEND;\n",
    ["line 2: A trigger spans several lines."],
  ],
  [
    "a temporary trigger of two lines, in lower case",
    "create temp trigger c after insert on a\nBEGIN delete from a; END;",
    ["line 1: A trigger spans several lines."],
  ],
  [
    "a trigger that never ends",
    "CREATE TRIGGER c AFTER INSERT ON a BEGIN DELETE FROM a;\nDELETE FROM b;",
    ["line 1: A trigger spans several lines."],
  ],
  [
    "a CASE outside parentheses in a trigger",
    "CREATE TRIGGER c AFTER INSERT ON a BEGIN SELECT CASE WHEN (1) THEN (2) END; END;",
    ["line 1: A trigger has a CASE outside parentheses."],
  ],
  [
    "a lower-case begin",
    "CREATE TRIGGER c AFTER INSERT ON a begin DELETE FROM a; END;",
    ["line 1: A trigger has a BEGIN or END that is not in upper case."],
  ],
  [
    "a lower-case end",
    "CREATE TRIGGER c AFTER INSERT ON a BEGIN DELETE FROM a; end;",
    ["line 1: A trigger has a BEGIN or END that is not in upper case."],
  ],
  [
    "a semicolon in a comment",
    "CREATE TABLE a (\n  b TEXT -- NULL; or not\n);\n",
    ["line 2: A comment has a semicolon or a quote mark."],
  ],
  [
    "an apostrophe in a comment",
    "-- The owner's.\nCREATE TABLE a (b TEXT);\n",
    ["line 1: A comment has a semicolon or a quote mark."],
  ],
  [
    "a quote mark in a block comment",
    'CREATE TABLE a (b TEXT) /* Of\n"b". */;\n',
    ["line 1: A comment has a semicolon or a quote mark."],
  ],
  [
    "a virtual table",
    "CREATE TABLE a (b TEXT);\nCREATE VIRTUAL TABLE c USING fts5(b);\n",
    ["line 2: D1 cannot export a database with a virtual table."],
  ],
  ["CRLF", "CREATE TABLE a (\r\n  b TEXT\r\n);\r\n", ["The line ends are not LF."]],
];

test.each(faulty)("the shape refuses %s", (_, sql, faults) => {
  expect(findShapeFaults(sql)).toEqual(faults);
});

test.each([
  "CREATE TRIGGER c AFTER INSERT ON a BEGIN UPDATE a SET b = (CASE WHEN b THEN 1 END); DELETE FROM d; END;\n",
  "CREATE TABLE a (\n  b TEXT DEFAULT '; -- it''s; CASE' -- fine\n);\nSELECT CASE WHEN 1 THEN 2 END;\n",
  'CREATE TABLE "virtual" (beginning TEXT, `end` TEXT, [case;] TEXT);\n',
])("the shape takes %j", (sql) => {
  expect(findShapeFaults(sql)).toEqual([]);
});

test("no migration that may have been applied has changed or is missing", () => {
  const sums = readFileSync(fromRoot("db/migrations/SHA256SUMS"), "utf8");
  expect(findChangedMigrations(migrations, sums)).toEqual([]);
});

test("a migration that was changed, is missing or is not in the list is found", () => {
  const sum = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
  const sums = ["same", "changed", "missing"].map((name) => `${sum}  content/${name}.sql\n`);
  const found = findChangedMigrations(
    new Map([
      ["content/same.sql", "a"],
      ["content/changed.sql", "a "],
      ["content/new.sql", "a"],
    ]),
    sums.join(""),
  );
  expect(found).toEqual([
    expect.stringMatching(/^content\/changed\.sql was changed\. Migrations are frozen/),
    expect.stringMatching(/^content\/missing\.sql is missing\. Migrations are frozen/),
    `content/new.sql is new: add the line "${sum}  content/new.sql" to SHA256SUMS.`,
  ]);
});
