import { ToolFailure } from "../tool-failure.ts";
import type { DocumentPorts, ReadDocument } from "./ports.ts";

/**
 * Reads a document of the chat.
 *
 * @throws ToolFailure when the chat has none with this id
 */
export async function readOrFail(
  documents: DocumentPorts,
  documentId: string,
): Promise<ReadDocument> {
  const document = await documents.read(documentId);
  if (!document) throw new ToolFailure("This chat has no document with this ID.");
  return document;
}
