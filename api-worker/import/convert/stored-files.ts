import type { MessagePart } from "../../src/contracts/message-parts.ts";
import type { FileReference, TableRows } from "../model.ts";
import type { Note, Outcomes } from "./context.ts";
import { type Draft, SourceFile } from "./messages/drafts.ts";
import { resolveFile } from "./messages/file-parts.ts";

/** What is stored of the files of a group. */
export class StoredFiles {
  readonly #outcomes: Outcomes;
  readonly #uploads = new Map<string, TableRows["rows"][number]>();

  constructor(outcomes: Outcomes) {
    this.#outcomes = outcomes;
  }

  /** The part that shows a file, or says what became of it. */
  partOf(file: SourceFile, note: Note): MessagePart {
    const outcome = this.outcomeOf(file);
    return resolveFile(file, outcome, note);
  }

  outcomeOf(file: SourceFile) {
    const outcome = this.#outcomes.get(file.url);
    if (outcome?.state === "stored") this.#uploads.set(outcome.uploadId, outcome.upload);
    return outcome;
  }

  /** The uploads that were asked for. They must exist before what shows them. */
  get table(): TableRows {
    const rows = [...this.#uploads.values()];
    return { table: "uploads", database: "content", key: ["userId", "id"], rows };
  }
}

/** The row that shows a file. */
type FilePlace = Pick<FileReference, "userId" | "chatId" | "createdAt">;

/** The files among parts, as they are asked for. */
export function filesIn(drafts: readonly Draft[], place: FilePlace): FileReference[] {
  return drafts
    .filter((draft) => draft instanceof SourceFile)
    .map((file) => referenceOf(file, place));
}

export function referenceOf(
  { url, name, mediaType, content }: SourceFile,
  { userId, chatId, createdAt }: FilePlace,
): FileReference {
  return {
    ...{ url, userId, chatId, name, mediaType },
    ...(createdAt !== undefined && { createdAt }),
    ...(content !== null && { content }),
  };
}
