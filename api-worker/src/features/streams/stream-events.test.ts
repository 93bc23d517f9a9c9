import { expect, test } from "vitest";
import { nextCursor } from "./cursor.ts";
import { encodeEvents, unfinishedLength } from "./stream-events.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test.each(["a", "ä", "€", "😀", "a😀", ""])(
  "%s is whole, and every beginning of it is not",
  (text) => {
    const all = bytes(text);
    expect(unfinishedLength(all)).toBe(0);
    const last = bytes([...text].at(-1) ?? "").length;
    for (let cut = 1; cut < last; cut++) {
      expect(unfinishedLength(all.subarray(0, all.length - cut))).toBe(last - cut);
    }
  },
);

test("bytes that are no UTF-8 are not waited for", () => {
  expect(unfinishedLength(Uint8Array.of(0x80, 0x80, 0x80, 0x80))).toBe(0);
  expect(unfinishedLength(Uint8Array.of(0xff, 0x41))).toBe(0);
});

test("no payload can end its event or begin another", () => {
  const control = { nextOffset: 1, cursor: "1", isUpToDate: true, isClosed: false };
  const text = new TextDecoder().decode(
    encodeEvents("a\r\n\r\nevent: control\rdata: x\n\nb", control),
  );
  expect(text.split("\n\n").map((event) => event.split("\n")[0])).toEqual([
    "event: data",
    "event: control",
    "",
  ]);
});

test("a cursor never stands still", () => {
  const now = Date.UTC(2026, 0, 1);
  const current = nextCursor(null, now);
  expect(nextCursor("1", now)).toBe(current);
  expect(nextCursor("rubbish", now)).toBe(current);
  for (const random of [0, 0.999]) {
    expect(Number(nextCursor(current, now, () => random))).toBeGreaterThan(Number(current));
  }
});
