import { z } from "zod";
import { limits } from "./limits.ts";
import { titleSchema } from "./title.ts";

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

/** A chat with the viewer's access: `own` for its owner, `read` for readers of a public chat. */
export const chatViewOutput = chatOutput.extend({ access: z.enum(["own", "read"]) });
export type ChatViewOutput = z.infer<typeof chatViewOutput>;

export const chatListInput = z.object({
  limit: z.int().min(1).max(limits.chatsPageMax).default(30),
  /** `nextCursor` of the previous page. */
  cursor: z.string().max(200).nullish(),
  /** true: pinned chats, last pinned first. false: chats that are not pinned. All when left out. */
  pinned: z.boolean().optional(),
});

export const chatListOutput = z.object({
  items: z.array(chatOutput),
  /** null on the last page. */
  nextCursor: z.string().nullable(),
});
export type ChatListOutput = z.infer<typeof chatListOutput>;

export const chatRenameInput = z.object({
  chatId: z.uuid(),
  title: titleSchema,
});

export const chatPinInput = z.object({ chatId: z.uuid(), pinned: z.boolean() });

export const chatVisibilityInput = z.object({
  chatId: z.uuid(),
  visibility: z.enum(["private", "public"]),
});

export const chatForkInput = z.object({
  chatId: z.uuid(),
  /** The last message to copy; the end of the shown branch when left out. */
  messageId: z.string().max(200).optional(),
  /** The copy's id, made by the client, so that a repeated request makes one copy. */
  newChatId: z.uuid().optional(),
});
