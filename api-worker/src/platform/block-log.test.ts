import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BlockLog } from "./block-log.ts";
import { newId } from "./ids.ts";

/** Runs with a log on the real SQLite of a fresh object. */
function withLog<T>(use: (log: BlockLog, sql: SqlStorage) => T): Promise<T> {
  const stub = env.CHAT.get(env.CHAT.idFromName(newId()));
  return runInDurableObject(stub, (_, { storage }) => use(new BlockLog(storage.sql), storage.sql));
}

const everything = Number.MAX_SAFE_INTEGER;

test("items come back in order, from any position, across blocks", async () => {
  await withLog((log) => {
    log.append("s", 0, ["0", "1", "2"]);
    log.append("s", 3, ["3"]);
    log.append("s", 4, ["4", "5"]);
    log.append("other", 0, ['"not mine"']);
    const read = (after: number, until = everything) =>
      log.read("s", after, until, everything).map(({ items }) => items);
    expect(read(-1)).toEqual(["[0,1,2]", "[3]", "[4,5]"]);
    // A block that the reader has in part comes whole; whoever reads cuts it.
    expect(read(1)).toEqual(["[0,1,2]", "[3]", "[4,5]"]);
    expect(read(2)).toEqual(["[3]", "[4,5]"]);
    expect(read(3)).toEqual(["[4,5]"]);
    expect(read(5)).toEqual([]);
    expect(read(-1, 3)).toEqual(["[0,1,2]", "[3]"]);
    expect(log.lastSeq("s")).toBe(5);
    expect(log.lastSeq("nowhere")).toBe(-1);
  });
});

test("a block that is too long for one row comes back whole", async () => {
  await withLog((log, sql) => {
    const long = JSON.stringify("€".repeat(1_200_000));
    log.append("s", 0, ["0", long]);
    log.append("s", 2, ["2"]);
    expect(sql.exec("SELECT count(*) AS n FROM blocks").one().n).toBe(4);
    const blocks = log.read("s", -1, everything, everything);
    expect(blocks.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
      [0, 1],
      [2, 2],
    ]);
    expect(blocks[0]?.items).toBe(`[0,${long}]`);
    // The limit never cuts a block, and never returns less than one.
    expect(log.read("s", -1, everything, 1)).toHaveLength(1);
  });
});

test("a deleted stream is gone, others stay", async () => {
  await withLog((log) => {
    log.append("a", 0, ["1"]);
    log.append("b", 0, ["2"]);
    log.delete("a");
    expect(log.lastSeq("a")).toBe(-1);
    expect(log.lastSeq("b")).toBe(0);
  });
});
