import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { isRefusedForGood } from "./d1-refusal.ts";

const db = env.CONTENT_0;
const run = async (sql: string, ...values: unknown[]) =>
  db.batch([db.prepare(sql).bind(...values)]);

test.for<[what: string, run: () => Promise<unknown>]>([
  ["a broken constraint", () => run("INSERT INTO messages (id) VALUES ('m')")],
  ["a statement that is too long", () => run(`SELECT 1 /* ${"x".repeat(200_000)} */`)],
  ["wrong SQL", () => run("SELEC 1")],
  ["a function that fails", () => run("SELECT json('{')")],
  ["too many values", () => run(`SELECT ${Array(120).fill("?").join()}`, ...Array(120).fill(1))],
  ["a value of no type that D1 knows", () => run("SELECT ?", undefined)],
])("D1 refuses %s for good", async ([, refused]) => {
  const error = await refused().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(isRefusedForGood(error)).toBe(true);
});

test("a column that is not there yet may come with the next migration", async () => {
  const error = await run("SELECT notYet FROM messages").catch((caught: unknown) => caught);
  expect(String(error)).toContain("no such column");
  expect(isRefusedForGood(error)).toBe(false);
});

test.for([
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: D1 DB reset because its code was updated.",
  "D1_ERROR: Exceeded maximum DB size.",
  "D1_ERROR: database is locked: SQLITE_BUSY",
  "D1_ERROR: database or disk is full: SQLITE_FULL",
  "internal error; reference = abc",
])("%s may pass", (message) => {
  expect(isRefusedForGood(new Error(message))).toBe(false);
});
