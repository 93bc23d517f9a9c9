/** Formats a Markdown file piece by piece. Pure functions from rows to text. */
import { z } from "zod";
import { dataParts } from "../../../contracts/message-parts.ts";
import { sizeText } from "../../../platform/size-text.ts";
import type { Part } from "../../messages/turn/rebuild-message.ts";
import { parseParts } from "../../messages/turn/stored-parts.ts";
import { escapeMarkdown } from "../documents/escape-markdown.ts";
import type { BranchRow, ChatHead } from "../queries.ts";
import { selfContained } from "../self-contained-markdown.ts";

export const markdownFile = {
  beginChat(head: ChatHead, isFirst: boolean): string {
    return `${isFirst ? "" : "\n---\n\n"}# ${escapeMarkdown(head.title)}\n`;
  },
  message({ role, parts: json, status }: BranchRow): string {
    const parts = parseParts(json);
    const text = selfContained(parts.flatMap((part) => (part.type === "text" ? part.text : [])));
    const notes = parts.flatMap((part) => partNote(part) ?? []);
    if (status !== "complete") notes.push(noteOf[status]);
    else if (text === "" && notes.length === 0 && !hasDocument(parts)) notes.push("no text");
    const paragraphs = [text, ...notes.map((note) => `*(${note})*`)].filter((one) => one !== "");
    const heading = `\n## ${role === "user" ? "Question" : "Answer"}\n`;
    return heading + paragraphs.map((paragraph) => `\n${paragraph}\n`).join("");
  },
} as const;

const hasDocument = (parts: readonly Part[]) => parts.some(({ type }) => type === "data-document");

const noteOf = {
  streaming: "not finished yet",
  stopped: "stopped",
  interrupted: "interrupted",
  failed: "failed",
} as const;

/** Says what a file of a message was, or a part of an older version; null for any other part. */
function partNote(part: Part): string | null {
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
  if (part.type === "data-legacy") {
    const name = dataParts.legacy.data.safeParse(part.data).data?.type;
    return `from an older version${name ? `: “${escapeMarkdown(name)}”` : ""}`;
  }
  return null;
}

const factsSchema = z.object({ bytes: z.number() });

function attached(name: string | null | undefined, fact: string | undefined): string {
  const file = name ? `“${escapeMarkdown(name)}”` : "a file";
  return `attached: ${file}${fact ? `, ${fact}` : ""}`;
}
