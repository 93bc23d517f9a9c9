import { expect, test } from "vitest";
import {
  type EventOptions,
  readerLagMaxBytes,
  type Slice,
  StreamReaders,
} from "./stream-readers.ts";

const options: EventOptions = { cursor: null, quietMs: 1e9, lifeMs: 1e9 };

/** A text stream in memory. */
function textSource() {
  const readers = new StreamReaders();
  let text = "";
  let isClosed = false;
  let now = 0;
  const slice = (offset: number): Slice => ({
    data: offset < text.length ? text.slice(offset) : null,
    nextOffset: text.length,
    isUpToDate: true,
    isEnd: isClosed,
  });
  return {
    readers,
    append(more: string, isLast = false) {
      text += more;
      isClosed = isLast;
      readers.wake(more.length);
    },
    pass(ms: number) {
      now += ms;
    },
    open(offset: number, more: Partial<EventOptions> = {}) {
      const source = { slice, now: () => now };
      const reader = readers.openEvents(source, offset, { ...options, ...more }).getReader();
      return {
        /** One write, joined from its pieces; null at the end. */
        async next() {
          let text = "";
          while (!/event: control\n.*\n\n$/.test(text)) {
            const { done, value } = await reader.read();
            if (done) return null;
            text += new TextDecoder().decode(value);
          }
          return text;
        },
        cancel: () => reader.cancel(),
      };
    },
  };
}

/** The content of the data event in a write. */
function dataOf(text: string | null): string | undefined {
  return /^data:(.*)$/m.exec(text ?? "")?.[1];
}

test("a reader gets what is there, then what comes, then the end", async () => {
  const source = textSource();
  source.append("one");
  const reader = source.open(0);
  expect(await reader.next()).toMatch(
    /^event: data\ndata:one\n\nevent: control\ndata:\{.*"upToDate":true/,
  );
  const next = reader.next();
  source.append("two");
  expect(await next).toContain("data:two");
  source.append("", true);
  expect(await reader.next()).toBe(
    'event: control\ndata:{"streamNextOffset":"0000000000000006","streamClosed":true}\n\n',
  );
  expect(await reader.next()).toBeNull();
});

test("a reader who does not read is dropped without an end, and gets the rest when it comes back", async () => {
  const source = textSource();
  source.append("a");
  const slow = source.open(0);
  const quick = source.open(0);
  expect(await slow.next()).toContain("data:a");
  expect(await quick.next()).toContain("data:a");
  const more = "b".repeat(readerLagMaxBytes);
  const next = quick.next();
  source.append(more);
  expect(dataOf(await next)).toHaveLength(more.length);
  const last = quick.next();
  source.append("c");
  expect(dataOf(await last)).toBe("c");
  expect(await slow.next()).toBeNull();
  expect(dataOf(await source.open(1).next())).toHaveLength(more.length + 1);
});

test("a quiet stream says from time to time that it is alive", async () => {
  const source = textSource();
  const reader = source.open(0, { quietMs: 1 });
  expect(await reader.next()).toContain("upToDate");
  expect(await reader.next()).toMatch(/^event: control\ndata:.*"upToDate":true/);
});

test("a connection ends after its time, with an event that says where to go on", async () => {
  const source = textSource();
  const reader = source.open(0, { lifeMs: 1000 });
  await reader.next();
  source.pass(1000);
  source.append("last");
  expect(await reader.next()).toMatch(/data:last\n\nevent: control\ndata:.*"0000000000000004"/);
  expect(await reader.next()).toBeNull();
});

test("a wait ends when there is more, when all is over, and with its time", async () => {
  const { readers } = textSource();
  const waits = [readers.wait(1e9), readers.wait(1e9)];
  readers.wake(1);
  await Promise.all(waits);
  const last = readers.wait(1e9);
  readers.dropAll();
  await last;
  await readers.wait(1);
});
