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
    // A block that the reader has in part is returned whole, and the caller cuts it.
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

test.each([0, 1])(
  "a pair that stands where a row ends is not cut, %i units later",
  async (shift) => {
    await withLog((log) => {
      const item = JSON.stringify(" ".repeat(shift) + "😀".repeat(600_000));
      log.append("s", 0, [item]);
      expect(log.read("s", -1, everything, everything)[0]?.items).toBe(`[${item}]`);
    });
  },
);

test("a deleted stream is gone, others stay", async () => {
  await withLog((log) => {
    log.append("a", 0, ["1"]);
    log.append("b", 0, ["2"]);
    log.delete("a");
    expect(log.lastSeq("a")).toBe(-1);
    expect(log.lastSeq("b")).toBe(0);
  });
});

test("bytes come back as they were appended, from any position and to any", async () => {
  await withLog((log) => {
    const all = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    for (const [from, to] of [
      [0, 1],
      [1, 100],
      [100, 300],
    ] as const) {
      log.appendBytes("s", from, all.subarray(from, to));
    }
    log.append("items", 0, ["1"]);
    for (const [from, until, max] of [
      [0, everything, everything],
      [0, 98, everything],
      [1, everything, 99],
      [50, 250, 120],
      [299, everything, everything],
      [300, everything, everything],
    ] as const) {
      const end = Math.min(300, until + 1, from + max);
      expect(log.readBytes("s", from, until, max)).toEqual({
        firstSeq: from,
        lastSeq: end - 1,
        bytes: all.slice(from, end),
      });
    }
    expect(log.lastSeq("s")).toBe(299);
    log.delete("s");
    expect(log.readBytes("s", 0, everything, everything).bytes).toHaveLength(0);
    expect(log.read("items", -1, everything, everything)).toHaveLength(1);
  });
});

test("bytes that are too many for one row come back whole, and never more than asked for", async () => {
  await withLog((log, sql) => {
    const long = new Uint8Array(3_500_000).fill(7);
    log.appendBytes("s", 0, long);
    expect(sql.exec("SELECT count(*) AS n FROM blocks").one().n).toBe(3);
    expect(log.readBytes("s", 0, everything, everything).bytes).toEqual(long);
    expect(log.readBytes("s", 1_499_999, everything, 1000).bytes).toHaveLength(1000);
  });
});

test("many small appends are read a piece at a time", async () => {
  await withLog((log) => {
    for (let seq = 0; seq < 500; seq++) log.appendBytes("s", seq, Uint8Array.of(seq % 256));
    const { lastSeq, bytes } = log.readBytes("s", 0, everything, 1000);
    expect(bytes.length).toBe(lastSeq + 1);
    expect(lastSeq).toBeLessThan(20);
    expect(log.readBytes("s", lastSeq + 1, everything, 1000).bytes[0]).toBe(lastSeq + 1);
  });
});
