/** Formats export files piece by piece. Pure functions from rows to text. */
import { cutText } from "../../../contracts/cut-text.ts";
import {
  type ExportedMessage,
  type ExportedSuggestion,
  type ExportedVersion,
  exportFormatName,
  exportVersion,
} from "../../../contracts/transfer.ts";
import type { TransferRow } from "../documents/list-versions.ts";
import type { ChatHead, TreeRow } from "../queries.ts";

export const mediaTypes = { json: "application/json", markdown: "text/markdown" } as const;

const wordPattern =
  /[\p{L}\p{N}][\p{M}\p{L}\p{N}]*(?:[\u200c\u200d][\p{L}\p{N}][\p{M}\p{L}\p{N}]*)*/gu;

/** @param title of the only chat in the file; null for a file with all chats */
export function fileNameOf(title: string | null, format: keyof typeof mediaTypes): string {
  // A letter keeps its marks: vowels and tones, which Hindi and Thai write as such. Two joiners,
  // which show nothing themselves, change the letters beside them.
  const words = (title ?? "chats").normalize("NFC").match(wordPattern) ?? [];
  const name = cutText(words.join("-"), 60).replace(/-+$/, "");
  return `${name || "chat"}.${format === "json" ? "json" : "md"}`;
}

export const jsonFile = {
  begin: `{"format":${JSON.stringify(exportFormatName)},"version":${exportVersion},"chats":[`,
  end: "\n]}\n",
  /** @param isFirst of the file */
  beginChat(head: ChatHead, isFirst: boolean): string {
    return `${isFirst ? "" : ","}\n${JSON.stringify(head).slice(0, -1)},"messages":[`;
  },
  endChat: "\n]}",
  /** After the messages of a chat that has documents; or after the chats. */
  beginDocuments: '\n],"documents":[',
  endDocuments: "\n]}]}",
  /** After documents without a chat. */
  endWithDocuments: "\n]}\n]}\n",
  /** @param previous the document of the version before; null for the first */
  version(row: TransferRow, previous: string | null): string {
    const { documentId, kind, title, language, documentCreatedAt, documentUpdatedAt } = row;
    const { version, author, status, messageId, restoredFrom, baseVersion } = row;
    const { createdAt, content } = row;
    const made = { version, author, status, messageId, restoredFrom, baseVersion };
    const json = JSON.stringify({ ...made, createdAt, content } satisfies ExportedVersion);
    if (previous === documentId) return `,\n${json}`;
    const times = { createdAt: documentCreatedAt, updatedAt: documentUpdatedAt };
    const suggestions = JSON.parse(row.suggestions ?? "[]") as ExportedSuggestion[];
    const facts = { id: documentId, kind, title, language, ...times };
    const head = JSON.stringify({ ...facts, ...(suggestions.length > 0 && { suggestions }) });
    const begin = previous === null ? "" : "\n]},";
    return `${begin}\n${head.slice(0, -1)},"versions":[\n${json}`;
  },
  /** @param isFirst of its chat */
  message(row: TreeRow, isFirst: boolean): string {
    return `${isFirst ? "" : ","}\n${JSON.stringify(toExported(row))}`;
  },
} as const;

/** The order of the fields is part of the format, so that the same chat gives the same bytes. */
function toExported(row: TreeRow): ExportedMessage {
  return {
    id: row.id,
    parentId: row.parentId,
    role: row.role,
    parts: JSON.parse(row.parts),
    status: row.status === "streaming" ? "interrupted" : row.status,
    modelId: row.modelId,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    errorCode: row.errorCode,
    vote: row.isUpvoted === null ? null : row.isUpvoted === 1 ? "up" : "down",
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
