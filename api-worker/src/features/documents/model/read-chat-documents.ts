/** The documents of a chat, as its model sees them. */
import { type ContentDb, runBatch } from "db";
import type { DocumentFacts, ReadDocument } from "../../../ai/tools/documents/ports.ts";
import { findDocumentQuery, findVersionQuery, listDocumentsQuery } from "../queries.ts";
import { toDocumentOutput } from "../read-documents.ts";
import type { DocumentChat } from "./queries.ts";

/** Documents of a chat that the model is told of. */
const listMax = 30;

/** Lists the newest documents of a chat, last changed first. */
export async function listChatDocuments(
  content: ContentDb,
  chat: DocumentChat,
): Promise<DocumentFacts[]> {
  const page = { ...chat, after: null, limit: listMax };
  return (await listDocumentsQuery(content, page).execute()).map(toFacts);
}

/** Returns a document with its newest content; null when the chat has none with this id. */
export async function readChatDocument(
  db: ContentDb,
  { userId, chatId }: DocumentChat,
  documentId: string,
): Promise<ReadDocument | null> {
  const key = { userId, documentId };
  const [[document], [newest]] = await runBatch(db, [
    findDocumentQuery(db, key),
    findVersionQuery(db, key, undefined),
  ]);
  if (!newest || document?.chatId !== chatId) return null;
  return { ...toFacts(document), content: newest.content };
}

function toFacts(row: Parameters<typeof toDocumentOutput>[0]): DocumentFacts {
  const { id, kind, title, language, version } = toDocumentOutput(row);
  return { id, kind, title, language, version };
}
