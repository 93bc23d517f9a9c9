import { expect, test, vi } from "vitest";
import { DataPartListeners } from "./data-part-listeners.ts";

const title = (text: string) => ({ type: "data-title", data: { title: text } }) as const;
const notes = { type: "data-file-notes", data: { notes: ["“a.txt” has no text in it."] } } as const;

test("a part reaches all listeners of its type until they stop", () => {
  const parts = new DataPartListeners();
  const first = vi.fn();
  const second = vi.fn();
  const other = vi.fn();
  const stop = parts.on("data-title", first);
  parts.on("data-title", second);
  parts.on("data-file-notes", other);
  parts.tell(title("one"));
  stop();
  parts.tell(title("two"));
  parts.tell(notes);
  expect(first.mock.calls).toEqual([[title("one")]]);
  expect(second.mock.calls).toEqual([[title("one")], [title("two")]]);
  expect(other.mock.calls).toEqual([[notes]]);
});

test("a listener compiles only with the data that its type defines", () => {
  const parts = new DataPartListeners();
  const titles: string[] = [];
  parts.on("data-title", ({ data }) => titles.push(data.title));
  // @ts-expect-error: a title has no notes
  parts.on("data-title", ({ data }) => data.notes);
  // @ts-expect-error: no such type is defined
  parts.on("data-nothing", () => undefined);
  parts.tell(title("one"));
  expect(titles).toEqual(["one"]);
});
