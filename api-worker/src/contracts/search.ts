import { z } from "zod";
import { documentKindSchema } from "./documents.ts";
import { limits } from "./limits.ts";

export const chatSearchInput = z.object({
  /** Finds documents alone. */
  only: z.literal("documents").optional(),
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
  /** The chat; of a document, the one in which the model made it, null for one made by hand. */
  chatId: z.string().nullable(),
  /** Of the chat or the document. */
  title: z.string(),
  /** The document that matches; null for a chat's title and for a message. */
  document: z
    .object({
      id: z.string(),
      kind: documentKindSchema,
      /** Whether its title matches, of which the snippet is; its text otherwise. */
      isTitle: z.boolean(),
    })
    .nullable(),
  /** The message that matches; null when the chat's title or a document does. */
  messageId: z.string().nullable(),
  /** The author of the message; null for a title and for a document. */
  role: z.enum(["user", "assistant"]).nullable(),
  snippet: z.array(snippetPieceSchema),
  /**
   * When the message was written; for a title, when the chat was last used; for a document, when it
   * last changed. Epoch milliseconds.
   */
  time: z.number(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

export const chatSearchOutput = z.object({
  /** Titles first, then texts of messages and documents, each with the best match first. */
  items: z.array(searchHitSchema),
  nextCursor: z.string().nullable(),
  /** false: the index is still being built, and older chats and documents may be missing. */
  isComplete: z.boolean(),
});
export type ChatSearchOutput = z.infer<typeof chatSearchOutput>;
