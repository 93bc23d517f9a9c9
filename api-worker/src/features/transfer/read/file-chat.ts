import type { ExportedChat, ExportedDocument } from "../../../contracts/transfer.ts";

/** A chat in an import file: its title there, and a function that reads it. */
export interface FileChat {
  readonly title: string | null;
  /** @throws ImportFailure or ZodError when it is not as it should be */
  read(now: number): ExportedChat;
  /** Whether the ids are worth keeping: links of the old installation lead to them. */
  readonly keepsIds: boolean;
}

/** A document without a chat in an import file. */
export interface FileDocument {
  readonly title: string | null;
  /** @throws ZodError when it is not as it should be */
  read(): ExportedDocument;
}
