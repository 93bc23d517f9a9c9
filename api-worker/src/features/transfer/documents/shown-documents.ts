/** The documents that a message shows, for a Markdown file. Pure, but for the query. */
import { type ContentDb, sql } from "db";
import { dataParts, type MessageData } from "../../../contracts/message-parts.ts";
import { parsePicture } from "../../../contracts/pictures.ts";
import type { ExportedVersion } from "../../../contracts/transfer.ts";
import { parseParts } from "../../messages/turn/stored-parts.ts";
import { selfContained } from "../self-contained-markdown.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

type ShownDocument = MessageData["document"];

/** The version that a message shows; with nulls when it is gone, or was never saved. */
type ShownVersion = { [Name in "content" | "status"]: ExportedVersion[Name] | null };

/** Bytes of contents that are read at once; of a longer version its content. */
const readBytes = 500_000;
const readRows = 100;
/** A longer text is not parsed: it stands in a fence. */
const parsedMaxLength = 200_000;
/** Below the heading of the document, which has level 3. */
const topLevel = 4;

/**
 * Returns the documents that a message shows, in their order.
 *
 * @param json the message's parts
 */
export function shownDocuments(json: string): ShownDocument[] {
  return parseParts(json).flatMap((part) =>
    part.type === "data-document" ? (dataParts.document.data.safeParse(part.data).data ?? []) : [],
  );
}

/**
 * Reads the versions that some documents of a chat are shown at.
 *
 * @returns those of the first documents, as far as they are read at once: one, or more
 */
export async function listShownVersions(
  db: ContentDb,
  { userId, chatId }: { readonly userId: string; readonly chatId: string },
  documents: readonly ShownDocument[],
): Promise<ShownVersion[]> {
  if (documents.length === 0) return [];
  const wanted = documents
    .slice(0, readRows)
    .map((shown) => [shown.documentId, hasContent(shown) ? shown.version : null]);
  const { rows } = await sql<ShownVersion>`
    WITH sized AS (
      SELECT wanted.key AS place, versions.rowid AS versionPlace,
        sum(coalesce(octet_length(versions.content), 0)) OVER (
          ORDER BY wanted.key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS bytesBefore
      FROM json_each(${JSON.stringify(wanted)}) AS wanted
      LEFT JOIN documents ON documents.userId = ${userId} AND documents.id = wanted.value ->> 0
        AND documents.chatId = ${chatId}
      LEFT JOIN documentVersions AS versions ON versions.userId = documents.userId
        AND versions.documentId = documents.id AND versions.version = wanted.value ->> 1
    )
    SELECT content, status
    FROM sized
    LEFT JOIN documentVersions AS versions ON versions.rowid = sized.versionPlace
    WHERE coalesce(bytesBefore, 0) < ${readBytes}
    ORDER BY sized.place`.execute(db.kysely);
  return rows;
}

/** Suggestions show a version that another message has made. */
const hasContent = ({ action }: ShownDocument) => action !== "suggest";

const nameOfKind = { text: "Text", code: "Code", sheet: "Sheet", image: "Picture" } as const;

/** Formats a document at the version that its message shows, as a section of its own. */
export function documentSection(shown: ShownDocument, { content, status }: ShownVersion): string {
  const heading = `### ${nameOfKind[shown.kind]}: ${escapeMarkdown(shown.title)}`;
  const paragraphs =
    content === null ? [] : [heading, ...contentOf(shown, content)].filter((one) => one !== "");
  if (content === null) paragraphs.push(heading, `*(${absence(shown)})*`);
  else if (status !== null && status !== "complete") paragraphs.push(`*(${status})*`);
  return paragraphs.map((paragraph) => `\n${paragraph}\n`).join("");
}

function absence(shown: ShownDocument): string {
  const { action, state, suggestionCount: count = 0 } = shown;
  if (state === "writing") return "not finished yet";
  if (hasContent(shown) || state === "deleted") return "deleted";
  return action === "suggest" && count === 1 ? "1 suggestion" : `${count} suggestions`;
}

function contentOf({ kind, language }: ShownDocument, content: string): string[] {
  if (kind === "image") return pictureParagraphs(content);
  if (kind === "sheet") return [fenced(content, "csv")];
  if (kind === "code") return [fenced(content, language ?? "")];
  return [
    content.length > parsedMaxLength
      ? fenced(content, "markdown")
      : selfContained([content], topLevel),
  ];
}

/** A picture is a file, which no export has. The quotes keep a prompt from being a heading. */
function pictureParagraphs(content: string): string[] {
  const picture = parsePicture(content);
  if (!picture) return [];
  const prompts = picture.prompts.map(
    (prompt, index) => `${index + 1}. “${escapeMarkdown(prompt)}”`,
  );
  return [`*(${picture.width} × ${picture.height} pixels)*`, prompts.join("\n")];
}

/** A text in a fence that is longer than any in it. */
function fenced(content: string, language: string): string {
  let longest = 2;
  for (const [marks] of content.matchAll(/`+/g)) longest = Math.max(longest, marks.length);
  const fence = "`".repeat(longest + 1);
  // A name of more than one word, or with a mark, would be no info string.
  const info = /^[\w+#.-]+$/.test(language) ? language : "";
  const end = content === "" || /[\r\n]$/.test(content) ? "" : "\n";
  return `${fence}${info}\n${content}${end}${fence}`;
}
