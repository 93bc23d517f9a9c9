import { z } from "zod";
import { limits } from "./limits.ts";

export const chatIdInput = z.object({ chatId: z.uuid() });

export const chatOutput = z.object({
  id: z.string(),
  title: z.string(),
  visibility: z.enum(["private", "public"]),
  pinnedAt: z.number().nullable(),
  currentMessageId: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type ChatOutput = z.infer<typeof chatOutput>;

export const chatListInput = z.object({
  limit: z.int().min(1).max(limits.chatsPageMax).default(30),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).nullish(),
});

export const chatListOutput = z.object({
  items: z.array(chatOutput),
  /** null when there is no further page. */
  nextCursor: z.string().nullable(),
});
export type ChatListOutput = z.infer<typeof chatListOutput>;

export const chatRenameInput = z.object({
  chatId: z.uuid(),
  title: z
    .string()
    .trim()
    .min(1, "Enter a title.")
    .max(limits.titleMaxLength, `Use at most ${limits.titleMaxLength} characters.`),
});
