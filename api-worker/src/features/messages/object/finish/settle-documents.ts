/** Saves the documents of an answer that ended before its tools could save them. */
import type { ContentDb } from "db";
import type { DocumentWrite } from "../../../../ai/tools/documents/ports.ts";
import { type WritingAnswer, writeVersion } from "../../../documents/model/write-version.ts";
import { inPresentChat } from "../../turn/carried-chats.ts";
import type { FinalStatus } from "../../turn/chunks.ts";
import type { Part } from "../../turn/rebuild-message.ts";

type DocumentPart = Extract<Part, { type: "data-document" }>;
type EndedTurn = WritingAnswer & { readonly userId: string; readonly chatId: string };

/**
 * Saves each document of an answer that has no version yet, with the text that the answer's log has
 * of it. Safe to run again: a call of a tool writes one version.
 *
 * @param parts the answer's parts
 * @returns the parts as they are stored: documents name their versions and have no text
 * @throws what D1 throws
 */
export async function settleDocuments(
  content: ContentDb,
  turn: EndedTurn,
  status: FinalStatus,
  parts: readonly Part[],
): Promise<Part[]> {
  const settled: Part[] = [];
  /** The documents that were saved here, by the calls that wrote them. */
  const saved = new Map<string, string>();
  for (const part of parts) {
    if (part.type === "data-document-text") continue;
    if (part.type !== "data-document" || !isUnsaved(part)) {
      settled.push(part);
      continue;
    }
    const done = await settle(content, turn, status, part, textOf(parts, part));
    if (done.data.version !== null) saved.set(part.id ?? "", done.data.documentId);
    settled.push(done);
  }
  return settled.map((part) => nameDocument(part, saved));
}

/** Tells the model, in the error of a call that the end cut off, which document it has written. */
function nameDocument(part: Part, saved: ReadonlyMap<string, string>): Part {
  if (!("toolCallId" in part) || part.state !== "output-error") return part;
  const documentId = saved.get(part.toolCallId);
  if (documentId === undefined) return part;
  const errorText = `The answer ended before the document was finished. What was written is kept in the document ${documentId}.`;
  return { ...part, errorText };
}

function isUnsaved(part: Part): boolean {
  return (
    part.type === "data-document" && part.data.version === null && part.data.state !== "deleted"
  );
}

function textOf(parts: readonly Part[], { id }: DocumentPart): string {
  const found = parts.find((part) => part.type === "data-document-text" && part.id === id);
  return found?.type === "data-document-text" ? found.data.delta : "";
}

async function settle(
  content: ContentDb,
  turn: EndedTurn,
  status: FinalStatus,
  part: DocumentPart,
  text: string,
): Promise<DocumentPart> {
  const { documentId, kind, title, language, action, state, baseVersion } = part.data;
  const cut = status === "stopped" ? "stopped" : "interrupted";
  const ended = state === "writing" || state === "deleted" ? cut : state;
  const write: DocumentWrite = {
    ...{ documentId, toolCallId: part.id ?? "", content: text, status: ended, baseVersion },
    created: action === "create" ? { kind, title, language } : null,
  };
  // Nothing was written: neither an empty document nor an empty version helps its reader.
  if (text === "") return { ...part, data: { ...part.data, state: "deleted" } };
  const written = await inPresentChat(content, turn, (chat) =>
    writeVersion(content, chat, chat, write, null),
  );
  const version = written?.version ?? null;
  return { ...part, data: { ...part.data, version, state: written?.status ?? "deleted" } };
}
