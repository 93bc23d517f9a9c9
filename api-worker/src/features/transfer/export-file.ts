/** Formats export files piece by piece. Pure functions from rows to text. */
import { z } from "zod";
import { cutText } from "../../contracts/cut-text.ts";
import { dataParts } from "../../contracts/message-parts.ts";
import { type ExportedMessage, exportFormatName, exportVersion } from "../../contracts/transfer.ts";
import { sizeText } from "../../platform/size-text.ts";
import type { Part } from "../messages/turn/rebuild-message.ts";
import { parseParts } from "../messages/turn/stored-parts.ts";
import type { BranchRow, ChatHead, TreeRow } from "./queries.ts";
import { selfContained } from "./self-contained-markdown.ts";

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

export const markdownFile = {
  beginChat(head: ChatHead, isFirst: boolean): string {
    return `${isFirst ? "" : "\n---\n\n"}# ${escapeMarkdown(head.title)}\n`;
  },
  message({ role, parts: json, status }: BranchRow): string {
    const parts = parseParts(json);
    const text = selfContained(parts.flatMap((part) => (part.type === "text" ? part.text : [])));
    const notes = parts.flatMap((part) => fileNote(part) ?? []);
    if (status !== "complete") notes.push(noteOf[status]);
    else if (text === "" && notes.length === 0) notes.push("no text");
    const paragraphs = [text, ...notes.map((note) => `*(${note})*`)].filter((one) => one !== "");
    const heading = `\n## ${role === "user" ? "Question" : "Answer"}\n`;
    return heading + paragraphs.map((paragraph) => `\n${paragraph}\n`).join("");
  },
} as const;

const noteOf = {
  streaming: "not finished yet",
  stopped: "stopped",
  interrupted: "interrupted",
  failed: "failed",
} as const;

/** Says what a file of a message was; null for any other part. */
function fileNote(part: Part): string | null {
  if (part.type === "file") {
    const facts = factsSchema.safeParse(part.providerMetadata?.alleato).data;
    return attached(part.filename, facts && sizeText(facts.bytes));
  }
  if (part.type === "data-deleted-file") {
    return attached(dataParts["deleted-file"].data.safeParse(part.data).data?.filename, "deleted");
  }
  if (part.type === "data-foreign-file") {
    const foreign = dataParts["foreign-file"].data.safeParse(part.data).data;
    const address = foreign?.url ? `: <${new URL(foreign.url).href}>` : "";
    return attached(foreign?.filename, `not stored${address}`);
  }
  return null;
}

const factsSchema = z.object({ bytes: z.number() });

function attached(name: string | null | undefined, fact: string | undefined): string {
  const file = name ? `“${escapeMarkdown(name)}”` : "a file";
  return `attached: ${file}${fact ? `, ${fact}` : ""}`;
}

/** One line that shows a text as it is. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*[\]<$~|]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|(?<=^| )#(?=#* ?$)/g, "\\$&")
    .trim();
}
