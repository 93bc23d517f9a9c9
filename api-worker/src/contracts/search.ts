import { z } from "zod";
import { limits } from "./limits.ts";

export const chatSearchInput = z.object({
  /**
   * Words that a hit must all contain. The last one may be incomplete. No character has a special
   * meaning.
   */
  query: z.string().max(limits.searchQueryMaxLength),
  limit: z.int().min(1).max(limits.searchPageMax).default(20),
  /** `nextCursor` of the previous page. */
  cursor: z.string().max(400).nullish(),
});

/** A piece of a text, in order, marked when it matches. Plain text, never HTML. */
const snippetPieceSchema = z.object({ text: z.string(), isMatch: z.boolean() });
export type SnippetPiece = z.infer<typeof snippetPieceSchema>;

const searchHitSchema = z.object({
  chatId: z.string(),
  title: z.string(),
  /** The message that matches; null when the chat's title does. */
  messageId: z.string().nullable(),
  /** The author of the message; null for a title. */
  role: z.enum(["user", "assistant"]).nullable(),
  snippet: z.array(snippetPieceSchema),
  /** When the message was written; for a title, when the chat was last used. Epoch milliseconds. */
  time: z.number(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

export const chatSearchOutput = z.object({
  /** Titles first, then messages, each with the best match first. */
  items: z.array(searchHitSchema),
  nextCursor: z.string().nullable(),
  /** false: the index is still being built, and older chats may be missing. */
  isComplete: z.boolean(),
});
export type ChatSearchOutput = z.infer<typeof chatSearchOutput>;
