import type { ExportedChat } from "../../contracts/transfer.ts";

/** A chat of a file: what it calls itself, and how to read it. */
export interface FileChat {
  readonly title: string | null;
  /** @throws ImportFailure or ZodError when it is not as it should be */
  read(now: number): ExportedChat;
  /** Whether the ids are worth keeping: links of the old installation lead to them. */
  readonly keepsIds: boolean;
}
