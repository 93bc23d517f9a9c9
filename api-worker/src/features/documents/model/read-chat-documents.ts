import type { ContentDb } from "db";
import type { DocumentFacts, ReadDocument } from "../../../ai/tools/documents/ports.ts";
import { documentKindSchema } from "../../../contracts/documents.ts";
import { type DocumentChat, listChatDocumentsQuery, readChatDocumentQuery } from "./queries.ts";

/** Documents of a chat that the model is told of. */
const listMax = 30;

/** Lists the newest documents of a chat, last changed first. */
export async function listChatDocuments(
  content: ContentDb,
  chat: DocumentChat,
): Promise<DocumentFacts[]> {
  const rows = await listChatDocumentsQuery(content, chat, listMax).execute();
  return rows.map((row) => ({ ...row, kind: documentKindSchema.parse(row.kind) }));
}

/** Returns a document with its newest content; null when the chat has none with this id. */
export async function readChatDocument(
  content: ContentDb,
  chat: DocumentChat,
  documentId: string,
): Promise<ReadDocument | null> {
  const row = await readChatDocumentQuery(content, chat, documentId).executeTakeFirst();
  return row ? { ...row, kind: documentKindSchema.parse(row.kind) } : null;
}
