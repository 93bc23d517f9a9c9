/** Gives the documents of a copied chat ids of their own, also where its messages name them. */
import { z } from "zod";
import { dataParts } from "../../../contracts/message-parts.ts";
import type {
  ExportedChat,
  ExportedDocument,
  ExportedMessage,
} from "../../../contracts/transfer.ts";
import { newId } from "../../../platform/ids.ts";

type Part = ExportedMessage["parts"][number];

interface NewDocument {
  readonly id: string;
  readonly versions: ReadonlySet<number>;
}

const uuidPattern = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

const partSchema = z.looseObject({ data: dataParts.document.data });

/**
 * Gives the documents of a chat new ids. A part that names a version which the chat does not bring
 * along says that it is deleted, and its id leads to nothing: neither a file nor another chat can
 * name a document that is not its own.
 *
 * @param messageIds the new ids of the messages by their old ids
 */
export function renameDocuments(
  chat: Pick<ExportedChat, "messages" | "documents">,
  messageIds: ReadonlyMap<string, string>,
): Pick<ExportedChat, "messages" | "documents"> {
  const found = new Map<string, NewDocument>();
  for (const { id, versions } of chat.documents) {
    found.set(id, { id: newId(), versions: new Set(versions.map(({ version }) => version)) });
  }
  return {
    documents: chat.documents.map((document) => rename(document, found, messageIds)),
    messages: chat.messages.map((message) => ({
      ...message,
      parts: message.parts.flatMap((part) => renameIn(part, found)),
    })),
  };
}

function rename(
  document: ExportedDocument,
  found: ReadonlyMap<string, NewDocument>,
  messageIds: ReadonlyMap<string, string>,
): ExportedDocument {
  const own = found.get(document.id);
  const known = (version: number | null) =>
    version !== null && own?.versions.has(version) ? version : null;
  return {
    ...document,
    id: own?.id ?? newId(),
    versions: document.versions.map((version) => ({
      ...version,
      messageId: messageIds.get(version.messageId ?? "") ?? null,
      restoredFrom: known(version.restoredFrom),
      baseVersion: known(version.baseVersion),
    })),
    suggestions: document.suggestions
      .filter(({ version }) => known(version) !== null)
      .map((suggestion) => ({
        ...suggestion,
        messageId: messageIds.get(suggestion.messageId ?? "") ?? null,
      })),
  };
}

function renameIn(part: Part, found: ReadonlyMap<string, NewDocument>): Part[] {
  // The text of a document that was being written: only its log can end it.
  if (part.type === "data-document-text") return [];
  if (part.type === "data-document") return [renamePart(part, found)];
  if (!("toolCallId" in part) || found.size === 0) return [part];
  // The model reads the ids in its calls and their results.
  const json = JSON.stringify(part).replace(uuidPattern, (id) => found.get(id)?.id ?? id);
  return [JSON.parse(json) as Part];
}

function renamePart(part: Part, found: ReadonlyMap<string, NewDocument>): Part {
  const { data } = partSchema.parse(part);
  const own = found.get(data.documentId);
  const { version, baseVersion } = data;
  if (!own || version === null || !own.versions.has(version)) {
    const gone = { state: "deleted", version: null, baseVersion: null } as const;
    return { ...part, data: { ...data, ...gone, documentId: own?.id ?? newId() } };
  }
  const base = baseVersion !== null && own.versions.has(baseVersion) ? baseVersion : null;
  return { ...part, data: { ...data, documentId: own.id, baseVersion: base } };
}
