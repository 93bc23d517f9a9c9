/** Documents that go along with a chat: made by the model, or from a file. */
import { newId } from "../src/platform/ids.ts";
import type { Caller } from "./callers.ts";
import { callScript, documentIn, writeQuestion } from "./documents.ts";
import { fileOf, oneChat, oneMessage } from "./import-files.ts";
import { ask, chunksOf } from "./turns.ts";

/**
 * Makes a chat with a document of four versions: the model's, its owner's, the model's, its owner's.
 *
 * @param texts the contents of the last two
 * @returns `second` is the answer that made the third version
 */
export async function withDocument(
  owner: Caller,
  { edited, newest } = { edited: "the model’s edit", newest: "the newest" },
) {
  const { stream, chatId } = await ask(owner, writeQuestion({ length: 300, sizes: [7] }));
  const documentId = documentIn(chunksOf(await stream.rest()))?.documentId ?? "";
  const save = (content: string, baseVersion: number) =>
    owner.api.documents.save.mutate({ documentId, content, baseVersion, saveId: newId() });
  await save("a private draft", 1);
  const edits = [{ find: "a private draft", replace: edited }];
  const second = await ask(owner, callScript("editDocument", { documentId, edits }), chatId);
  await second.stream.rest();
  await save(newest, 3);
  return { chatId, documentId, second };
}

/** The pieces of the file of a chat. */
export async function piecesOf(
  { api }: Caller,
  chatId: string | undefined,
  format: "json" | "markdown",
): Promise<string[]> {
  const pieces: string[] = [];
  let cursor: string | null = null;
  do {
    const piece: Awaited<ReturnType<typeof api.chats.export.query>> = await api.chats.export.query({
      ...{ chatId, format, cursor },
    });
    pieces.push(piece.text);
    cursor = piece.nextCursor;
  } while (cursor !== null);
  return pieces;
}

/** The whole file of a chat. */
export const exportOf = async (owner: Caller, chatId: string) =>
  (await piecesOf(owner, chatId, "json")).join("");

/** A version in a file. */
export const oneVersion = (fields: object = {}) => ({
  ...{ version: 1, author: "model", status: "complete", messageId: "m1", restoredFrom: null },
  ...{ baseVersion: null, createdAt: 1, content: "forged" },
  ...fields,
});

/** A document in a file. */
export const oneDocument = (fields: object = {}) => ({
  ...{ id: newId(), kind: "text", title: "A title", language: null, createdAt: 1, updatedAt: 1 },
  ...{ versions: [oneVersion()] },
  ...fields,
});

/** A part of a message that shows a document. */
export const onePart = (documentId: string, fields: object = {}) => ({
  type: "data-document",
  id: "call",
  data: {
    ...{ documentId, kind: "text", title: "A title", language: null, action: "create" },
    ...{ state: "complete", baseVersion: null, version: 1, ...fields },
  },
});

/** Imports a chat of one answer. */
export function importAnswer(owner: Caller, parts: object[], documents: unknown = []) {
  const message = oneMessage({ role: "assistant", parts });
  const chat = oneChat([message], { documents, currentMessageId: message.id });
  return owner.api.chats.import.mutate({ data: fileOf(chat) });
}
