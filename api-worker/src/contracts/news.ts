import { z } from "zod";
import { messageStatusSchema } from "./messages.ts";
import { voteSchema } from "./votes.ts";

/**
 * What `chats.watch` tells a page. News say where to look; what is true stands in the lists and
 * streams themselves.
 */
export const chatNewsSchema = z.discriminatedUnion("type", [
  /** First on every connection: from before it nothing is known, so lists may be out of date. */
  z.object({ type: z.literal("snapshot"), generatingChatIds: z.array(z.string()) }),
  z.object({ type: z.literal("turn-started"), chatId: z.string(), streamId: z.string() }),
  /** The lists have the answer's end by now. */
  z.object({
    type: z.literal("turn-ended"),
    chatId: z.string(),
    streamId: z.string(),
    status: messageStatusSchema,
  }),
  z.object({ type: z.literal("titled"), chatId: z.string(), title: z.string() }),
  /** Something else about the chat or its messages is not as it was. */
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
