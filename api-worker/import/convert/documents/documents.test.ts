import { expect, test } from "vitest";
import { parsePicture } from "../../../src/contracts/pictures.ts";
import { sha256Hex } from "../../../src/platform/sha256.ts";
import type { FileOutcome, RawRow } from "../../model.ts";
import {
  ada,
  at,
  chatGroup,
  chatId,
  codesOf,
  contextOf,
  convertChat,
  documentGroup,
  documentId,
  documentRow,
  messageRow,
  messagesOf,
  msAt,
  oldRow,
  rowsOf,
  shape,
  storeAll,
  uuid,
} from "../../test/conversion.ts";
import { documentCallsOf } from "../chats/plan-chat.ts";
import { contextDigest } from "../context-digest.ts";
import { collectFiles, convertGroup } from "../convert-group.ts";
import { buildDocumentLinks, documentHeadOf, suggestionHeadOf } from "./links.ts";

const convert = (
  group: ReturnType<typeof documentGroup>,
  context = contextOf(),
  outcomes = storeAll(group, context),
) => convertGroup(group, context, outcomes);

test("rows with one id are versions in the order of time", () => {
  const converted = convert(
    documentGroup([
      documentRow(2, "b", { title: " New " }),
      documentRow(1, "a\0"),
      documentRow(3, null),
    ]),
  );
  expect(rowsOf(converted, "documents")).toEqual([
    {
      ...{ userId: ada, id: documentId, chatId: null, kind: "text", title: "Poem", language: null },
      ...{ version: 3, createdAt: msAt(1), updatedAt: msAt(3) },
    },
  ]);
  expect(rowsOf(converted, "documentVersions")).toEqual(
    ["a", "b", ""].map((content, index) => ({
      ...{ userId: ada, documentId, version: index + 1, number: index + 1, author: "person" },
      ...{ status: "complete", messageId: null, saveId: null, runId: null, restoredFrom: null },
      ...{ baseVersion: null, content, contentHash: sha256Hex(content) },
      ...{ startedAt: msAt(index + 1), createdAt: msAt(index + 1) },
    })),
  );
  expect(codesOf(converted)).toEqual(["text-mended"]);
});

test.each([
  ["code", "Sum", "code", "python", []],
  ["code", "sum.ts", "code", "typescript", []],
  ["sheet", "Sum", "sheet", null, []],
  ["hologram", "Sum", "text", null, ["kind-unknown"]],
])("the kind %s of %s", (text, title, kind, language, codes) => {
  const converted = convert(documentGroup([documentRow(1, "x", { text, title })]));
  expect(rowsOf(converted, "documents")[0]).toMatchObject({ kind, language });
  expect(codesOf(converted)).toEqual(codes);
});

test("the column of the kind has the name that the catalogue says", () => {
  const row = documentRow(1, "x", { text: "sheet", kind: "code" });
  const kindOf = (documentKindColumn: string | null) =>
    rowsOf(
      convert(documentGroup([row]), contextOf({ shape: { ...shape, documentKindColumn } })),
      "documents",
    )[0]?.kind;
  expect([kindOf("text"), kindOf("kind"), kindOf(null)]).toEqual(["sheet", "code", "text"]);
});

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";

test("a picture in base64 becomes an upload and the content that names it", () => {
  const group = documentGroup([documentRow(1, png, { text: "image", title: "A cat" })]);
  expect(collectFiles(group, contextOf())).toEqual([
    {
      url: `data:image/png;base64,${png}`,
      userId: ada,
      chatId: null,
      name: "A cat",
      createdAt: msAt(1),
      mediaType: "image/png",
    },
  ]);
  const converted = convert(group);
  const content = String(rowsOf(converted, "documentVersions")[0]?.content);
  expect(parsePicture(content)).toEqual({
    ...{
      url: `/files/${uuid(1000)}`,
      mediaType: "image/png",
      width: 3,
      height: 2,
      prompts: ["A cat"],
    },
  });
  expect(converted.tables.map(({ table }) => table).slice(0, 3)).toEqual([
    "uploads",
    "documents",
    "documentVersions",
  ]);
  expect(rowsOf(converted, "uploads")).toHaveLength(1);
});

test("a picture that is none stays as it was, and is listed", () => {
  const group = documentGroup([
    documentRow(1, png, { text: "image" }),
    documentRow(2, "no picture", { text: "image" }),
  ]);
  const outcome: FileOutcome = { state: "missing", reason: "It is no picture." };
  const converted = convert(
    group,
    contextOf(),
    new Map([[`data:image/png;base64,${png}`, outcome]]),
  );
  expect(rowsOf(converted, "documentVersions").map(({ content }) => content)).toEqual([
    png,
    "no picture",
  ]);
  expect(codesOf(converted)).toEqual(["picture-not-stored"]);
});

test("a document that is too large is a file, and its version begins it", () => {
  const long = "Täglich Brot. ".repeat(120_000);
  const group = documentGroup([documentRow(1, long)]);
  expect(collectFiles(group, contextOf())[0]).toMatchObject({
    name: "Poem.md",
    mediaType: "text/markdown",
    content: long,
  });
  const converted = convert(group);
  const content = String(rowsOf(converted, "documentVersions")[0]?.content);
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(1_500_000);
  expect(content).toContain(`/files/${uuid(1000)}`);
  const beginning = content.slice(0, content.indexOf("\n\n… "));
  expect(beginning.length).toBeGreaterThan(1_000_000);
  expect(long.startsWith(beginning)).toBe(true);
  expect(codesOf(converted)).toEqual(["document-too-large"]);
});

test("rows of several users with one id are a document of each", () => {
  const other = uuid(99);
  const group = documentGroup([documentRow(1, "a"), documentRow(2, "b", { userId: other })]);
  const converted = convert(group, contextOf({ userIds: new Set([ada, other]) }));
  expect(rowsOf(converted, "documents")).toMatchObject([
    { userId: ada, version: 1 },
    { userId: other, version: 1 },
  ]);
  expect(codesOf(converted)).toEqual(["document-of-several"]);
});

const suggestion = (number: number, second: number, changes: RawRow = {}): RawRow => ({
  ...{
    id: uuid(number),
    documentId,
    documentCreatedAt: at(second),
    userId: ada,
    createdAt: at(20 + number),
  },
  ...{ originalText: "tea", suggestedText: "coffee", description: null, isResolved: "f" },
  ...changes,
});

test("suggestions find their version and their place in it", () => {
  const group = documentGroup(
    [documentRow(1, "No"), documentRow(2, "More tea, more tea")],
    [
      suggestion(1, 2, { description: "Stronger." }),
      suggestion(2, 2, { isResolved: "t" }),
      suggestion(3, 1),
      suggestion(4, 9),
      suggestion(5, 2, { originalText: "" }),
      suggestion(6, 2, { suggestedText: "x".repeat(9_000) }),
      suggestion(7, 2, { description: "x".repeat(2_000) }),
    ],
  );
  const converted = convert(group);
  const rows = rowsOf(converted, "suggestions");
  expect(rows[0]).toEqual({
    ...{
      userId: ada,
      documentId,
      id: uuid(1),
      version: 2,
      messageId: null,
      original: "tea",
      start: 5,
    },
    ...{ proposed: "coffee", reason: "Stronger.", state: "open", createdAt: msAt(21) },
  });
  expect(rows.map(({ version, state }) => `${version} ${state}`)).toEqual([
    ...["2 open", "2 accepted", "1 rejected", "2 open", "2 rejected", "2 rejected", "2 open"],
  ]);
  expect(codesOf(converted)).toEqual([
    ...[
      "suggestion-closed",
      "suggestion-version",
      "suggestion-closed",
      "suggestion-closed",
      "reason-cut",
    ],
  ]);
});

test("no more suggestions are open than the product shows, and none of a sheet", () => {
  const many = Array.from({ length: 60 }, (_, index) => suggestion(index, 1));
  const rows = rowsOf(convert(documentGroup([documentRow(1, "tea")], many)), "suggestions");
  expect(rows.filter(({ state }) => state === "open")).toHaveLength(50);
  expect(rows.slice(0, 10).every(({ state }) => state === "rejected")).toBe(true);
  const sheet = documentGroup([documentRow(1, "tea", { text: "sheet" })], [suggestion(1, 1)]);
  expect(rowsOf(convert(sheet), "suggestions")[0]?.state).toBe("rejected");
});

test("suggestions of a document that does not exist are kept", () => {
  const converted = convert(documentGroup([], [suggestion(1, 1)]));
  expect(rowsOf(converted, "documents")).toMatchObject([
    { userId: ada, title: "Untitled", createdAt: msAt(1) },
  ]);
  expect(rowsOf(converted, "suggestions")).toMatchObject([{ state: "rejected", original: "tea" }]);
  expect(codesOf(converted)).toEqual(["document-missing", "suggestion-closed"]);
});

const done = (tool: string, toolCallId: string, output: unknown, input: unknown = {}) => ({
  ...{ type: `tool-${tool}`, toolCallId, state: "output-available", input, output },
});

test("calls, versions and messages find each other", () => {
  const output = { id: documentId, title: "Poem", kind: "text" };
  const group = chatGroup({
    messages: [
      messageRow(1, "user", [], { second: 1 }),
      messageRow(2, "assistant", [done("createDocument", "a", output)], { second: 5 }),
      messageRow(3, "assistant", [done("requestSuggestions", "s", output)], { second: 25 }),
      messageRow(
        4,
        "assistant",
        [done("updateDocument", "b", output), done("editDocument", "c", output)],
        { second: 30 },
      ),
      messageRow(
        5,
        "assistant",
        [done("updateDocument", "d", { error: "Document not found" }, { id: documentId })],
        { second: 31 },
      ),
      messageRow(6, "assistant", [done("updateDocument", "e", { ...output, id: uuid(77) })], {
        second: 32,
      }),
      messageRow(7, "assistant", [done("updateDocument", "f", output)], { second: 33 }),
    ],
  });
  // A person wrote the second, third and sixth version.
  const versions = [4, 10, 12, 28, 29, 40].map((second) => documentRow(second, `${second} tea`));
  const suggestions = [1, 2].map((number) => suggestion(number, 12));
  const unlinked = contextOf();
  const links = buildDocumentLinks(
    documentCallsOf(group, unlinked),
    versions.map((row) => documentHeadOf(row, shape, "UTC")),
    suggestions.map((row) => suggestionHeadOf(row, "UTC")),
  );
  const context = contextOf({ links });
  const messages = messagesOf(convertGroup(group, context, new Map()));
  const cards = messages.map(({ parts }) =>
    parts.flatMap((part) => (part.type === "data-document" ? [[part.id, part.data]] : [])),
  );
  const facts = { documentId, kind: "text", title: "Poem", language: null, state: "complete" };
  expect(cards).toEqual([
    [],
    [["a", { ...facts, action: "create", version: 1, baseVersion: null }]],
    [["s", { ...facts, action: "suggest", version: 3, baseVersion: 3, suggestionCount: 2 }]],
    [
      ["b", { ...facts, action: "update", version: 4, baseVersion: 3 }],
      ["c", { ...facts, action: "edit", version: 5, baseVersion: 4 }],
    ],
    [],
    [],
    // Its version was deleted, and a person wrote the one after it.
    [],
  ]);
  // The card stands behind the call, which the model reads.
  expect(messages[1]?.parts.map(({ type }) => type)).toEqual([
    "tool-createDocument",
    "data-document",
  ]);
  const converted = convert(documentGroup(versions, suggestions), context);
  expect(rowsOf(converted, "documents")[0]).toMatchObject({ chatId });
  expect(
    rowsOf(converted, "documentVersions").map(({ author, messageId }) => [author, messageId]),
  ).toEqual([
    ["model", uuid(2)],
    ["person", null],
    ["person", null],
    ["model", uuid(4)],
    ["model", uuid(4)],
    ["person", null],
  ]);
});

test("the call of an answer of many rows is linked to the message that they became", () => {
  const call = {
    type: "tool-call",
    toolCallId: "a",
    toolName: "createDocument",
    args: { title: "Poem" },
  };
  const group = {
    oldMessages: [
      oldRow(1, "user", "Write"),
      oldRow(2, "assistant", "I do."),
      oldRow(3, "assistant", [call]),
      oldRow(4, "tool", [{ ...call, type: "tool-result", result: { id: documentId } }]),
    ],
  };
  const calls = documentCallsOf(chatGroup(group), contextOf());
  const links = buildDocumentLinks(calls, [documentHeadOf(documentRow(2, ""), shape, "UTC")], []);
  const [, answer] = messagesOf(convertChat(group, contextOf({ links })));
  expect(answer?.id).toBe(uuid(2));
  expect(answer?.parts.at(-1)).toMatchObject({
    type: "data-document",
    id: "a",
    data: { version: 1 },
  });
  expect(links.byDocument.values().next().value?.messageIds).toEqual(new Map([[1, uuid(2)]]));
});

test("a group that depends on another is known by its digest", () => {
  const output = { id: documentId };
  const calls = [done("createDocument", "a", output), done("updateDocument", "b", output)];
  const group = chatGroup({ messages: [messageRow(1, "assistant", calls, { second: 9 })] });
  const digestsWith = (...seconds: readonly number[]) => {
    const heads = seconds.map((second) => documentHeadOf(documentRow(second, ""), shape, "UTC"));
    const links = buildDocumentLinks(documentCallsOf(group, contextOf()), heads, []);
    return (["chat", "document", "legacy"] as const).map((kind) =>
      contextDigest({ kind, id: kind === "document" ? documentId : chatId }, contextOf({ links })),
    );
  };
  const [chat, document, legacy] = digestsWith(1, 2);
  expect(digestsWith(1, 2)).toEqual([chat, document, legacy]);
  // Another version by hand changes nothing, and one between them does.
  expect(digestsWith(1, 2, 10)).toEqual([chat, document, legacy]);
  expect(digestsWith(1, 2, 3)[0]).not.toBe(chat);
  expect(digestsWith(1, 2, 3)[1]).not.toBe(document);
  expect([...digestsWith(), legacy]).toEqual(["", "", "", ""]);
  const address = { isGuest: false, problem: null };
  const emails = (email: string) => new Map([[ada, { ...address, email }]]);
  const user = { kind: "user", id: ada } as const;
  const [one, other] = ["a@x.example", "b@x.example"].map((email) =>
    contextDigest(user, contextOf({ emails: emails(email) })),
  );
  expect(one).not.toBe(other);
});

test("a document of another user is not linked", () => {
  const output = { id: documentId };
  const group = chatGroup({
    messages: [messageRow(1, "assistant", [done("createDocument", "a", output)])],
  });
  const heads = [documentHeadOf(documentRow(0, "", { userId: uuid(99) }), shape, "UTC")];
  const links = buildDocumentLinks(documentCallsOf(group, contextOf()), heads, []);
  expect([links.byCall.size, links.byDocument.size]).toEqual([0, 0]);
});
