import { z } from "zod";
import { messageStatusSchema } from "./messages.ts";
import { voteSchema } from "./votes.ts";

/** `isHidden`: the page that watches is in the background, so its user does not see it. */
export const watchInput = z.object({ isHidden: z.boolean().default(false) }).optional();

/**
 * News for open pages, from `chats.watch`. News only say what has changed. Pages read the data
 * itself from lists and streams.
 */
export const chatNewsSchema = z.discriminatedUnion("type", [
  /**
   * The first event of every connection. Earlier changes are unknown, so lists may be out of date.
   */
  z.object({ type: z.literal("snapshot"), generatingChatIds: z.array(z.string()) }),
  z.object({ type: z.literal("turn-started"), chatId: z.string(), streamId: z.string() }),
  /** By now the lists have the answer's end. */
  z.object({
    type: z.literal("turn-ended"),
    chatId: z.string(),
    streamId: z.string(),
    status: messageStatusSchema,
  }),
  z.object({ type: z.literal("titled"), chatId: z.string(), title: z.string() }),
  /** Something else about the chat or its messages has changed. */
  z.object({ type: z.literal("changed"), chatId: z.string() }),
  z.object({
    type: z.literal("voted"),
    chatId: z.string(),
    messageId: z.string(),
    vote: voteSchema,
  }),
  z.object({ type: z.literal("deleted"), chatId: z.string() }),
  z.object({ type: z.literal("all-deleted") }),
]);
export type ChatNews = z.infer<typeof chatNewsSchema>;
