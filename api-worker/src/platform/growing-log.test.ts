import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { countRows, watchRows } from "../../test/row-counts.ts";
import { BlockLog } from "./block-log.ts";
import { GrowingLog, growingRowLength } from "./growing-log.ts";
import { newId } from "./ids.ts";

beforeAll(watchRows);

const everything = Number.MAX_SAFE_INTEGER;

/** Runs with an empty stream in the real SQLite of a fresh object. */
function withStream(use: (growing: GrowingLog, log: BlockLog) => void): Promise<void> {
  const stub = env.CHAT.get(env.CHAT.idFromName(newId()));
  return runInDurableObject(stub, (_, { storage }) => {
    const log = new BlockLog(storage.sql);
    use(new GrowingLog(log, "s"), log);
  });
}

const rowsOf = (log: BlockLog) =>
  log.read("s", -1, everything, everything).map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq]);

test("an append is one row written and returns its own items, and few rows are left to delete", async () => {
  await withStream((growing, log) => {
    const item = JSON.stringify("x".repeat(100));
    const appends = 200;
    const appended = countRows(() => {
      for (let seq = 0; seq < appends; seq += 1) {
        expect(growing.append(seq, [item])).toEqual({
          firstSeq: seq,
          lastSeq: seq,
          items: `[${item}]`,
        });
      }
    });
    expect(appended.written).toBe(appends);
    // 103 characters each.
    const perRow = Math.floor(growingRowLength / 103);
    const rows = Math.ceil(appends / perRow);
    expect(rowsOf(log)).toHaveLength(rows);
    expect(log.lastSeq("s")).toBe(appends - 1);
    const deleted = countRows(() => log.delete("s"));
    expect(deleted.written).toBe(rows);
  });
});

test("a row is full at its length, and items that are longer have a row of their own", async () => {
  await withStream((growing, log) => {
    const half = JSON.stringify("x".repeat(growingRowLength / 2));
    growing.append(0, ["0"]);
    growing.append(1, ["1", half]);
    growing.append(3, [half]);
    growing.append(4, ["4"]);
    expect(rowsOf(log)).toEqual([
      [0, 2],
      [3, 4],
    ]);
    growing.append(5, [JSON.stringify("€".repeat(600_000))]);
    growing.append(6, ["6"]);
    expect(rowsOf(log)).toEqual([
      [0, 2],
      [3, 4],
      [5, 5],
      [6, 6],
    ]);
  });
});

test("a block of its own does not grow, nor does the one before it", async () => {
  await withStream((growing, log) => {
    growing.append(0, ["0"]);
    growing.appendBlock(1, ["1", "2"]);
    growing.append(3, ["3"]);
    growing.append(4, ["4"]);
    expect(rowsOf(log)).toEqual([
      [0, 0],
      [1, 2],
      [3, 4],
    ]);
  });
});

test("a row that has grown past what may be shown is read up to there", async () => {
  await withStream((growing, log) => {
    for (let seq = 0; seq < 10; seq += 1) growing.append(seq, [String(seq)]);
    const read = (afterSeq: number, untilSeq: number) =>
      log.read("s", afterSeq, untilSeq, everything);
    expect(read(-1, 3)).toEqual([{ firstSeq: 0, lastSeq: 3, items: "[0,1,2,3]" }]);
    expect(read(2, 3)).toEqual([{ firstSeq: 0, lastSeq: 3, items: "[0,1,2,3]" }]);
    expect(read(3, 3)).toEqual([]);
    expect(read(3, 9)[0]?.lastSeq).toBe(9);
  });
});
