import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Fault } from "../test/cloudflare-api.ts";
import { openRemoteTestTarget, type RemoteTestTarget } from "../test/each-target.ts";
import { rowsIn, run } from "../test/target-state.ts";
import { openRemoteTarget } from "./remote.ts";
import { RequestPace } from "./request-pace.ts";

let opened: RemoteTestTarget;
/** Pauses between attempts, in milliseconds. */
const pauses: number[] = [];
beforeAll(async () => {
  opened = await openRemoteTestTarget();
  await run(opened.target, "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT");
});
afterAll(() => opened.close());
beforeEach(async () => {
  opened.api.faultOf = () => undefined;
  await run(opened.target, "DELETE FROM things");
  pauses.length = 0;
});

function open(changes: Partial<Parameters<typeof openRemoteTarget>[0]> = {}) {
  const { api } = opened;
  return openRemoteTarget({
    ...{ accountId: api.accountId, token: api.token, databaseIds: api.databaseIds },
    ...{ bucket: api.bucket, apiUrl: api.url, timeoutMs: 5_000 },
    migrateCommand: "db:migrate --remote",
    clock: {
      now: () => 0,
      sleep: async (ms) => {
        pauses.push(ms);
      },
    },
    ...changes,
  });
}

/** Lets the next requests fail, one after another. */
function failNext(...faults: readonly (Fault | undefined)[]): void {
  const from = opened.api.requests.length;
  opened.api.faultOf = (index) => faults[index - from];
}

const insert = (id: number) => ({
  sql: "INSERT OR IGNORE INTO things (id, name) VALUES (json_extract(?1, '$.id'), ?2)",
  params: [JSON.stringify({ id }), `thing ${id}`],
});
const things = () => rowsIn<{ id: number }>(opened.target, "SELECT id FROM things ORDER BY id");

test.each<[string, Fault]>([
  ["too many requests", { kind: "429", retryAfterSeconds: 7 }],
  ["an error of the server", { kind: "500" }],
  ["a restart of D1", { kind: "d1", message: "D1 DB reset because its code was updated." }],
  ["a connection that breaks before", { kind: "cut-before" }],
  ["a connection that breaks afterwards", { kind: "cut-after" }],
  ["half an answer", { kind: "cut-within-answer" }],
  ["a batch that ends early", { kind: "cut-after-statements", count: 1 }],
])("%s passes: a batch is sent again and done once", async (_, fault) => {
  const target = await open();
  failNext(fault, fault);
  await target.batch("content", [insert(1), insert(2)]);
  expect(await things()).toEqual([{ id: 1 }, { id: 2 }]);
  expect(pauses).toHaveLength(2);
  if (fault.kind === "429") expect(pauses).toEqual([7_000, 7_000]);
  else expect(pauses[1]).toBeGreaterThanOrEqual(500);
});

test("silence passes too, and files are sent again", async () => {
  const target = await open({ timeoutMs: 100 });
  failNext({ kind: "silence" });
  await target.files.put("uploads/a b/ü", new Uint8Array([1, 2]), "text/plain");
  failNext({ kind: "cut-within-answer" });
  expect(await target.files.get("uploads/a b/ü")).toEqual(new Uint8Array([1, 2]));
  expect(await target.files.has("uploads/a b/ü")).toBe(true);
  await target.files.delete(["uploads/a b/ü", "uploads/never"]);
  expect(await target.files.has("uploads/a b/ü")).toBe(false);
  expect(await target.files.get("uploads/a b/ü")).toBeNull();
});

test("an API that stays broken ends the run", async () => {
  const target = await open();
  failNext(...Array.from({ length: 20 }, () => ({ kind: "500" }) as const));
  await expect(target.batch("content", [insert(1)])).rejects.toThrow("9 times in a row");
  // A request that is refused without a time waits for the whole window.
  failNext({ kind: "429" });
  pauses.length = 0;
  await target.batch("content", [insert(1)]);
  expect(pauses).toEqual([300_000]);
});

test("a statement that D1 refuses is not sent again, and undoes its batch", async () => {
  const target = await open();
  const before = opened.api.requests.length;
  const wrong = { sql: "INSERT INTO nowhere VALUES (1)", params: [] };
  await expect(target.batch("content", [insert(1), wrong])).rejects.toThrow("no such table");
  expect(opened.api.requests).toHaveLength(before + 1);
  expect(await things()).toEqual([]);
});

test.each([
  ["a statement of 100 KB", { sql: `SELECT '${"x".repeat(100_000)}'`, params: [] }, "too long"],
  ["101 parameters", { sql: "SELECT 1", params: Array(101).fill("x") }, "too many SQL variables"],
  ["a value of 2 MB", { sql: "SELECT ?", params: ["x".repeat(2_000_001)] }, "too big"],
  ["two statements in one", { sql: "SELECT 1; SELECT 2", params: [] }, "only one statement"],
])("the stand-in refuses %s", async (_, statement, words) => {
  await expect((await open()).query("content", statement)).rejects.toThrow(words);
});

test("a wrong token, account, database or bucket is named", async () => {
  await expect(open({ token: "wrong" })).rejects.toThrow(
    /refuses the token .*“D1: Edit” and “Workers R2 Storage: Edit”/,
  );
  await expect(open({ accountId: "f".repeat(32) })).rejects.toThrow("refuses the token");
  const databaseIds = { home: "h", content: "c" };
  await expect(open({ databaseIds })).rejects.toThrow(/has no D1 database h .*setup:cloudflare/);
  const target = await open({ bucket: "other" });
  await expect(target.files.get("uploads/x")).rejects.toThrow("has no R2 bucket other");
});

test("requests keep below the rate of the API", async () => {
  let nowMs = 0;
  const pace = new RequestPace(
    {
      now: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms;
      },
    },
    3,
    1_000,
  );
  const begun: number[] = [];
  for (let index = 0; index < 7; index += 1) {
    await pace.take();
    begun.push(nowMs);
    nowMs += 100;
  }
  expect(begun).toEqual([0, 100, 200, 1_000, 1_100, 1_200, 2_000]);
});
