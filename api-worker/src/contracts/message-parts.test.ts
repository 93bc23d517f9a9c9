import { expect, test } from "vitest";
import { type DataChunk, dataPartOf, dataParts } from "./message-parts.ts";

test("a data chunk is what its definition says, or does not compile", () => {
  const chunks: DataChunk[] = [
    { type: "data-title", data: { title: "Counting" }, transient: true },
    { type: "data-file-notes", data: { notes: ["“a.txt” has no text in it."] } },
    { type: "data-deleted-file", data: { filename: null } },
    { type: "data-restart", id: "restart", data: { count: 1 } },
    // @ts-expect-error: of no kind that is defined
    { type: "data-unknown", data: {} },
    // @ts-expect-error: a title is not kept in the message
    { type: "data-title", data: { title: "Counting" } },
    // @ts-expect-error: notes are
    { type: "data-file-notes", data: { notes: [] }, transient: true },
    // @ts-expect-error: other data
    { type: "data-file-notes", data: { note: "" } },
  ];
  expect(chunks.map(({ type }) => dataPartOf(type) !== undefined)).toEqual(
    chunks.map(({ type }) => (type as string) !== "data-unknown"),
  );
});

test("only what is a kind of data part has a definition", () => {
  expect(dataPartOf("data-title")).toBe(dataParts.title);
  for (const type of ["title", "text", "data-", "data-toString", "tool-title"]) {
    expect(dataPartOf(type)).toBeUndefined();
  }
});
