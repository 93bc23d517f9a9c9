/** What is too large for a row of D1: it becomes a file, and the row has its beginning. */
import { createHash } from "node:crypto";
import { cutText } from "../../src/contracts/cut-text.ts";
import { limits } from "../../src/contracts/limits.ts";
import type { Note } from "./context.ts";
import { type Draft, isText, SourceFile, textOf } from "./messages/drafts.ts";
import { bytesOf } from "./values.ts";

/** What a part that shows a file has at most, whatever becomes of the file. */
const filePartBytes = 4_000;
/** Below the product's bound, for the parts that a message has in place of what is too much. */
const messageMaxBytes = limits.importMessageMaxBytes - 50_000;
/** Files that such a message still shows; those after them are in its file by their addresses. */
const shownFilesMax = 100;
const beginningMax = 30_000;

/** The file that content becomes. Other content has another address. */
export function overflowFile(
  place: string,
  name: string,
  mediaType: string,
  content: string,
): SourceFile {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 32);
  return new SourceFile({ url: `overflow:${place}/${digest}`, name, mediaType, content });
}

/** The parts of a message. A message that is too large has its beginning, its files, and a file with the whole message. */
export function boundMessage(
  messageId: string,
  drafts: readonly Draft[],
  note: Note,
): readonly Draft[] {
  if (sizeOf(drafts) <= messageMaxBytes) return drafts;
  const isPlain = drafts.every(isText);
  const content = isPlain ? textOf(drafts) : JSON.stringify(drafts.map(plain), null, 1);
  const file = overflowFile(
    `message/${messageId}`,
    isPlain ? "Message.txt" : "Message.json",
    isPlain ? "text/plain" : "application/json",
    content,
  );
  note(
    "message-too-large",
    `The whole message is in the file “${file.name}”, and its beginning in the message.`,
  );
  const files = drafts.filter((draft) => draft instanceof SourceFile).slice(0, shownFilesMax);
  const text = cutText(textOf(drafts), beginningMax);
  return [...(text === "" ? [] : [{ type: "text", text: `${text}…` }]), file, ...files];
}

/** The same before and after it is known what became of the files. */
function sizeOf(drafts: readonly Draft[]): number {
  return drafts.reduce((sum, draft) => {
    return sum + (draft instanceof SourceFile ? filePartBytes : bytesOf(JSON.stringify(draft)) + 1);
  }, 2);
}

/** A file by its address; the bytes in an address are a file of their own. */
function plain(draft: Draft): unknown {
  if (!(draft instanceof SourceFile)) return draft;
  const { url, name, mediaType } = draft;
  return { type: "file", url: url.startsWith("data:") ? null : url, filename: name, mediaType };
}
