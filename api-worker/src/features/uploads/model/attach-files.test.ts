import type { UIMessage } from "ai";
import { expect, test } from "vitest";
import type { FileAbilities } from "../../../ai/models.ts";
import { fileAddress } from "../../../contracts/uploads.ts";
import { newId } from "../../../platform/ids.ts";
import { attachFiles } from "./attach-files.ts";
import { fileBudget } from "./file-budget.ts";
import type { FileSource, SourceFile } from "./file-source.ts";

interface Given {
  readonly mediaType: string;
  readonly bytes?: number;
  /** null for a file that cannot be read. */
  readonly text?: string | null;
  readonly isGone?: boolean;
}

/** Files in memory, and a record of how they were read. */
function sourceOf(given: Record<string, Given>) {
  const ids = Object.fromEntries(Object.keys(given).map((name) => [name, newId()]));
  const byId = new Map(Object.entries(given).map(([name, file]) => [ids[name] ?? "", file]));
  const read: string[] = [];
  const source: FileSource = {
    find: async (wanted) =>
      new Map(
        wanted.flatMap((id): [string, SourceFile][] => {
          const file = byId.get(id);
          if (!file || file.isGone) return [];
          return [[id, { id, mediaType: file.mediaType, bytes: file.bytes ?? 3 }]];
        }),
      ),
    async bytes({ id, bytes }) {
      read.push(id);
      return new Uint8Array(bytes);
    },
    async text({ id }, maxLength) {
      const text = byId.get(id)?.text ?? null;
      return text === null
        ? null
        : { text: text.slice(0, maxLength), isCut: text.length > maxLength };
    },
  };
  const part = (name: string): UIMessage["parts"][number] => ({
    type: "file",
    url: fileAddress(ids[name] ?? ""),
    mediaType: given[name]?.mediaType ?? "text/plain",
    filename: name,
  });
  const message = (...names: string[]): UIMessage => ({
    id: newId(),
    role: "user",
    parts: [...names.map(part), { type: "text", text: "What is it?" }],
  });
  return { source, message, read };
}

const abilities = (changes: Partial<FileAbilities> = {}): FileAbilities => ({
  modelName: "Model",
  pictures: true,
  pdf: true,
  ...changes,
});

/** The parts of a message, the last by default, as short texts. */
const shapes = (history: readonly UIMessage[], index = -1) =>
  history.at(index)?.parts.map((part) => {
    if (part.type === "file") return `${part.mediaType} ${part.url.slice(0, 10)}`;
    return part.type === "text" ? part.text.replace(/\n/g, "|").slice(0, 90) : part.type;
  });

test("a conversation without files is left as it is", async () => {
  const { source, message } = sourceOf({});
  const history = [message()];
  expect(await attachFiles(history, abilities(), source)).toEqual({ history, notes: [] });
});

test("pictures and PDFs go as they are, text as text, each with a label", async () => {
  const { source, message } = sourceOf({
    "a.png": { mediaType: "image/png" },
    "b.pdf": { mediaType: "application/pdf" },
    "c.csv": { mediaType: "text/csv", text: "x;y" },
  });
  const { history, notes } = await attachFiles(
    [message("a.png", "b.pdf", "c.csv")],
    abilities(),
    source,
  );
  expect(shapes(history)).toEqual([
    '<file name="a.png" type="image/png" bytes="3" />',
    "image/png data:image",
    '<file name="b.pdf" type="application/pdf" bytes="3" />',
    "application/pdf data:appli",
    '<file name="c.csv" type="text/csv" bytes="3">|x;y|</file>',
    "What is it?",
  ]);
  expect(notes).toEqual([]);
});

test("a model that reads no PDF is given its text; one that sees nothing is told that there is a picture", async () => {
  const { source, message, read } = sourceOf({
    "a.png": { mediaType: "image/png" },
    "b.pdf": { mediaType: "application/pdf", text: "The paper." },
  });
  const blind = abilities({ pictures: false, pdf: false });
  const { history, notes } = await attachFiles([message("a.png", "b.pdf")], blind, source);
  expect(shapes(history)).toEqual([
    '<file name="a.png">|[This file can’t be seen by Model.]|</file>',
    '<file name="b.pdf" type="application/pdf" bytes="3">|The paper.|</file>',
    "What is it?",
  ]);
  expect(notes).toEqual(["“a.png” can’t be seen by Model."]);
  expect(read).toEqual([]);
});

test("newer files come first when not all fit in, and the reader is told which did not", async () => {
  const half = Math.floor(fileBudget.bytes / 2) + 1;
  const { source, message } = sourceOf({
    "old.png": { mediaType: "image/png", bytes: half },
    "new.png": { mediaType: "image/png", bytes: half },
  });
  const { history, notes } = await attachFiles(
    [message("old.png"), message("new.png")],
    abilities(),
    source,
  );
  expect(shapes(history, 1)?.[1]).toBe("image/png data:image");
  expect(shapes(history, 0)).toEqual([
    '<file name="old.png">|[This file did not fit in beside the newer files.]|</file>',
    "What is it?",
  ]);
  expect(notes).toEqual(["“old.png” did not fit in beside the newer files."]);
});

test("a PDF that is too large to go as it is goes as text", async () => {
  const bytes = fileBudget.bytes + 1;
  const { source, message } = sourceOf({
    "b.pdf": { mediaType: "application/pdf", bytes, text: "Long." },
  });
  const { history } = await attachFiles([message("b.pdf")], abilities(), source);
  expect(shapes(history)?.[0]).toContain("|Long.|");
});

test("a text that is too long is cut, for the model and for the reader in words", async () => {
  const { source, message } = sourceOf({
    "long.txt": { mediaType: "text/plain", text: "x".repeat(fileBudget.textLength + 1) },
  });
  const { history, notes } = await attachFiles([message("long.txt")], abilities(), source);
  const [part] = history[0]?.parts ?? [];
  expect(part?.type === "text" && part.text).toContain(
    "[The file continues. It was cut here because of its length.]",
  );
  expect(notes).toEqual(["Only the first 100,000 characters of “long.txt” were read."]);
});

test("all texts together are no longer than the budget", async () => {
  const text = "x".repeat(fileBudget.textLength);
  const names = ["1.txt", "2.txt", "3.txt", "4.txt"];
  const { source, message } = sourceOf(
    Object.fromEntries(names.map((name) => [name, { mediaType: "text/plain", text }])),
  );
  const { notes } = await attachFiles([message(...names)], abilities(), source);
  expect(notes).toEqual(["“4.txt” did not fit in beside the newer files."]);
});

test("what is gone, locked or empty is said; of older messages, what is gone is not said again", async () => {
  const { source, message } = sourceOf({
    "gone.txt": { mediaType: "text/plain", isGone: true },
    "locked.pdf": { mediaType: "application/pdf", text: null },
    "blank.pdf": { mediaType: "application/pdf", text: " \n " },
  });
  const noPdf = abilities({ pdf: false });
  const last = await attachFiles([message("gone.txt", "locked.pdf", "blank.pdf")], noPdf, source);
  expect(last.notes).toEqual([
    "“gone.txt” is not there any more.",
    "“locked.pdf” could not be read as text.",
    "“blank.pdf” has no text in it.",
  ]);
  const older = await attachFiles([message("gone.txt"), message()], noPdf, source);
  expect(older.notes).toEqual([]);
  expect(shapes(older.history, 0)?.[0]).toContain("is not there any more");
});

test("a file that was deleted is spoken of, and nothing is fetched from elsewhere", async () => {
  const { source } = sourceOf({});
  const message: UIMessage = {
    id: newId(),
    role: "user",
    parts: [
      { type: "data-deleted-file", data: { filename: "a.txt" } } as never,
      {
        type: "file",
        url: "https://elsewhere.example/a.png",
        mediaType: "image/png",
        filename: "b.png",
      },
    ],
  };
  const { history } = await attachFiles([message], abilities(), source);
  expect(shapes(history)).toEqual([
    '<file name="a.txt">|[This file was deleted.]|</file>',
    '<file name="b.png">|[This file is not there any more.]|</file>',
  ]);
});
