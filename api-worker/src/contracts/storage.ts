import { z } from "zod";

/** What the viewer stores, and what the viewer may store. */
export const storageOutput = z.object({
  /** Text, files and streams together. */
  usedBytes: z.number(),
  /** null: no limit. */
  maxBytes: z.number().nullable(),
  /** Titles, and the parts of messages as JSON, in UTF-8. */
  textBytes: z.number(),
  fileBytes: z.number(),
  streamBytes: z.number(),
  /** Messages of all chats, of all branches. */
  messages: z.number(),
  /** null: no limit. */
  maxMessages: z.number().nullable(),
});
export type StorageOutput = z.infer<typeof storageOutput>;
