/** Open suggestions go along with a file, and not with a copy. */
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import {
  exportOf,
  importAnswer,
  oneDocument,
  onePart,
  withDocument,
} from "../../../../test/carried-documents.ts";
import { callScript } from "../../../../test/documents.ts";
import { scriptText } from "../../../../test/scripted-model.ts";
import { recount, storageUse } from "../../../../test/storage-use.ts";
import { ask } from "../../../../test/turns.ts";

const openIn = async ({ api }: Caller, documentId: string) =>
  (await api.documents.suggestions.list.query({ documentId })).items;

async function documentIdIn({ api }: Caller, chatId: string | undefined): Promise<string> {
  const { items } = await api.documents.list.query({ chatId });
  return items[0]?.id ?? "";
}

const suggested = [
  { original: "the", proposed: "a", reason: "It is the first." },
  { original: "newest", proposed: "“latest”\n", reason: "" },
];

/** A chat with a document that has one open suggestion, and one that was rejected. */
async function withSuggestion(owner: Caller) {
  const { chatId, documentId } = await withDocument(owner);
  const says = suggested.map((one) => JSON.stringify(one)).join("\n");
  const instructions = scriptText({ length: says.length, says, sizes: [9] });
  const question = callScript("requestSuggestions", { documentId, instructions });
  await (await ask(owner, question, chatId)).stream.rest();
  const rejected = (await openIn(owner, documentId)).find(({ original }) => original === "the");
  const suggestionIds = [rejected?.id ?? ""];
  const { suggestions } = owner.api.documents;
  await suggestions.resolve.mutate({ documentId, suggestionIds, state: "rejected" });
  return { chatId, documentId };
}

test.each(["owner", "anotherUser", "guest"] as const)(
  "an open suggestion comes back from a file, for %s",
  async (kind) => {
    const owner = await callerFor("owner");
    const { chatId, documentId } = await withSuggestion(owner);
    const [original] = await openIn(owner, documentId);
    expect(original).toMatchObject(suggested[1] ?? {});
    const file = JSON.parse(await exportOf(owner, chatId));
    const importer = kind === "owner" ? owner : await callerFor(kind);
    const { imported } = await importer.api.chats.import.mutate({ data: file });
    const importedId = imported[0]?.chatId ?? "";
    const open = await openIn(importer, await documentIdIn(importer, importedId));
    expect(open).toEqual([{ ...original, id: expect.any(String) }]);
    expect(open[0]?.id).not.toBe(original?.id);
    const again = JSON.parse(await exportOf(importer, importedId));
    const textsIn = (one: typeof file) =>
      one.chats[0].documents[0].suggestions.map(
        ({ messageId: _, ...rest }: object & { messageId: string }) => rest,
      );
    expect(textsIn(again)).toEqual(textsIn(file));
    expect(await storageUse(importer.user.id)).toEqual(await recount(importer.user.id));
  },
);

test("a copy of a chat has no suggestions", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await withSuggestion(owner);
  const copy = await owner.api.chats.fork.mutate({ chatId });
  expect(await openIn(owner, await documentIdIn(owner, copy.id))).toEqual([]);
});

const one = { messageId: "m1", start: 0, createdAt: 1, original: "forged", proposed: "x" };
const oneSuggestion = { ...one, version: 1, reason: "" };

test("a suggestion for a version that its document lacks is left out", async () => {
  const owner = await callerFor("owner");
  const suggestions = [{ ...oneSuggestion, version: 7 }, oneSuggestion];
  const document = oneDocument({ suggestions });
  const { imported } = await importAnswer(owner, [onePart(document.id)], [document]);
  const documentId = await documentIdIn(owner, imported[0]?.chatId);
  expect(await openIn(owner, documentId)).toMatchObject([{ version: 1, original: "forged" }]);
});

test.each([
  ["too many", Array.from({ length: 51 }, () => oneSuggestion)],
  ["too long", [{ ...oneSuggestion, proposed: "x".repeat(8_001) }]],
  ["of no text", [{ ...oneSuggestion, original: "" }]],
  ["with a NUL", [{ ...oneSuggestion, reason: "a\0" }]],
])("suggestions that are %s refuse their chat", async (_, suggestions) => {
  const owner = await callerFor("owner");
  const document = oneDocument({ suggestions });
  const { failures } = await importAnswer(owner, [onePart(document.id)], [document]);
  expect(failures).toHaveLength(1);
  expect((await owner.api.documents.list.query({})).items).toEqual([]);
});
