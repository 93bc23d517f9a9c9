import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";
import { limits } from "./limits.ts";
import { messageStatusSchema } from "./messages.ts";
import { chatSearchInput, chatSearchOutput } from "./search.ts";

export const adminChatsPageMax = 50;

const userText = z.string().trim().min(1).max(254);

export const listAdminChatsInput = z.object({
  /** The owner, by id or email address. */
  user: userText.optional(),
  chatId: z.string().trim().min(1).max(200).optional(),
  /** A part of the title. */
  title: z.string().trim().min(1).max(120).optional(),
  /** Chats with a message of this status, or by this model. */
  status: messageStatusSchema.optional(),
  modelId: z.string().min(1).max(200).optional(),
  /** Epoch milliseconds: chats that were last used from this time on, and before this time. */
  from: z.int().optional(),
  until: z.int().optional(),
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(adminChatsPageMax).default(adminChatsPageMax),
});

export const ownerOutput = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
});

export const adminChatOutput = z.object({
  owner: ownerOutput,
  id: z.string(),
  /** null for a private chat while the operator keeps chats closed. */
  title: z.string().nullable(),
  visibility: z.enum(["private", "public"]),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Of the last message that the chat shows; null without one. */
  status: messageStatusSchema.nullable(),
  modelId: z.string().nullable(),
});
export type AdminChatOutput = z.infer<typeof adminChatOutput>;

export const listAdminChatsOutput = z.object({
  /** Last used first. May be empty before the last page: a filter looks at so many chats at once. */
  items: z.array(adminChatOutput),
  nextCursor: z.string().nullable(),
  /** Whether the operator lets administrators open chats. */
  canOpen: z.boolean(),
});
export type ListAdminChatsOutput = z.infer<typeof listAdminChatsOutput>;

export const openChatInput = z.object({
  userId: z.uuid(),
  chatId: z.string().min(1).max(200),
  reason: reasonSchema,
});

/** The entry of the audit log that lets this administrator read the chat, for an hour. */
export const openChatOutput = z.object({ accessId: z.string() });

export const inspectInput = z.object({ accessId: z.uuid() });

export const inspectOutput = z.object({
  chat: adminChatOutput,
  reason: z.string().nullable(),
  /** When the chat has to be opened again, in epoch milliseconds. */
  endsAt: z.number(),
  /** The message at the end of the branch that the owner sees. */
  currentMessageId: z.string().nullable(),
  documents: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      title: z.string(),
      version: z.number(),
      updatedAt: z.number(),
    }),
  ),
  files: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      mediaType: z.string().nullable(),
      bytes: z.number(),
      createdAt: z.number(),
    }),
  ),
});
export type InspectOutput = z.infer<typeof inspectOutput>;

export const inspectMessagesInput = inspectInput.extend({
  /** The message that the first page begins with; left out for the beginning of the chat. */
  from: z.string().min(1).max(200).optional(),
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(100).default(50),
});

export const inspectedMessageOutput = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  role: z.enum(["user", "assistant"]),
  status: messageStatusSchema,
  modelId: z.string().nullable(),
  streamId: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  errorCode: z.string().nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  /** As the database has them: JSON. */
  parts: z.string(),
});
export type InspectedMessageOutput = z.infer<typeof inspectedMessageOutput>;

export const inspectMessagesOutput = z.object({
  /** Oldest first, of all branches. */
  items: z.array(inspectedMessageOutput),
  nextCursor: z.string().nullable(),
});

export const turnLogInput = inspectInput.extend({ streamId: z.uuid() });

export const turnLogOutput = z.object({
  /** The chunks, each as JSON. Empty when the log is not kept any more. */
  chunks: z.array(z.string()),
  /** Whether the log goes on: a turn in progress, or more chunks than are shown. */
  hasMore: z.boolean(),
});

export const openSearchInput = z.object({
  userId: z.uuid(),
  /** Words that a hit must all contain. */
  query: z.string().trim().min(1, "Enter what to search for.").max(limits.searchQueryMaxLength),
  reason: reasonSchema,
});

export const searchPersonInput = inspectInput.extend({
  limit: chatSearchInput.shape.limit,
  cursor: chatSearchInput.shape.cursor,
});

/** What a search of one person's chats and documents finds. */
export const searchPersonOutput = chatSearchOutput.extend({
  owner: ownerOutput,
  query: z.string(),
  reason: z.string().nullable(),
  /** Until when the results can be read, in epoch milliseconds. */
  endsAt: z.number(),
});
export type SearchPersonOutput = z.infer<typeof searchPersonOutput>;

export const inspectionsInput = z.object({
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(100).default(50),
});

/** What an administrator looked at, for the person whose it is. */
export const inspectionOutput = z.object({
  id: z.string(),
  createdAt: z.number(),
  what: z.enum(["chat", "file"]),
  /** The title of the chat or the name of the file; null when it is deleted. */
  title: z.string().nullable(),
  /** The chat, to link to it; null for a file. */
  chatId: z.string().nullable(),
  /** What the chats were searched for; null when one chat or file was opened. */
  searchedFor: z.string().nullable(),
  /** Who looked: the name or the address of the administrator; null when that user is deleted. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
export type InspectionOutput = z.infer<typeof inspectionOutput>;

export const inspectionsOutput = z.object({
  /** Newest first. */
  items: z.array(inspectionOutput),
  nextCursor: z.string().nullable(),
});
