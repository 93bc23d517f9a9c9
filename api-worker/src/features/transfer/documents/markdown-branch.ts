/** Writes the shown branch of a chat as Markdown, with the documents that its messages show. */
import type { ContentDb } from "db";
import { markdownFile } from "../export/export-markdown.ts";
import type { ExportReads } from "../export/export-reads.ts";
import { listBranchDown } from "../queries.ts";
import { documentSection, listShownVersions, shownDocuments } from "./shown-documents.ts";

/** Messages read in one query. Each may have almost a megabyte. */
const readSize = 40;

/** The depth above all messages, from where a branch is read as a whole. */
export const wholeBranch = Number.MAX_SAFE_INTEGER;

/** An end among the messages of a branch. */
interface BranchPlace {
  /** The depth of the last message above the shown leaf. */
  readonly depth: number;
  /** The leaf's id; after it and a slash how many documents of the last message are written. */
  readonly mark: string;
}

/** Reads the next messages of a branch with their documents; a null place is the branch's end. */
export async function writeBranch(
  { content, reads }: { readonly content: ContentDb; readonly reads: ExportReads },
  key: { readonly userId: string; readonly chatId: string },
  { depth, mark }: BranchPlace,
): Promise<{ readonly text: string; readonly place: BranchPlace | null }> {
  const [leafId = "", doneText] = mark.split("/");
  const done = doneText === undefined ? null : Number(doneText);
  // A message with documents left is read again.
  const before = done === null ? depth : depth + 1;
  const whole = before === wholeBranch ? reads.branchOf(key.chatId, leafId) : undefined;
  if (!whole) reads.count();
  const rows = whole ?? (await listBranchDown(content, key, leafId, before, readSize));
  const skipped = (index: number) => (index === 0 ? (done ?? 0) : 0);
  const shown = rows.map(({ parts }, index) => shownDocuments(parts).slice(skipped(index)));
  if (shown.some((documents) => documents.length > 0)) reads.count();
  const versions = await listShownVersions(content, key, shown.flat());
  let text = "";
  let read = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0 || done === null) text += markdownFile.message(row);
    const documents = shown[index] ?? [];
    const some = versions.slice(read, read + documents.length);
    read += some.length;
    for (const [at, document] of documents.entries()) {
      const version = some[at];
      if (version) text += documentSection(document, version);
    }
    if (some.length < documents.length) {
      const left = `${leafId}/${skipped(index) + some.length}`;
      return { text, place: { depth: row.depth, mark: left } };
    }
  }
  const last = rows.at(-1);
  const isEnd = !last || last.depth === 0;
  return { text, place: isEnd ? null : { depth: last.depth, mark: leafId } };
}
