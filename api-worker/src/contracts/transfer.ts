import { z } from "zod";
import { contentSchema, documentKindSchema, documentVersionOutput } from "./documents.ts";
import { limits } from "./limits.ts";
import { messagePartSchema } from "./message-parts.ts";
import { messageStatusSchema } from "./messages.ts";

const exportFormats = ["json", "markdown"] as const;

export const chatExportInput = z.object({
  /** All chats of the viewer when left out. */
  chatId: z.uuid().optional(),
  /**
   * JSON has all branches and can be imported again. Markdown has the shown branch, for reading.
   */
  format: z.enum(exportFormats),
  /** `nextCursor` of the previous piece. */
  cursor: z.string().max(300).nullish(),
});

/** A piece of a file. The texts of all pieces, concatenated in order, are the file. */
export const chatExportOutput = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  text: z.string(),
  /** null in the last piece. */
  nextCursor: z.string().nullable(),
});
export type ChatExportOutput = z.infer<typeof chatExportOutput>;

/** The format name in our JSON files. */
export const exportFormatName = "alleato-chat";
export const exportVersion = 1;

const timeSchema = z.int().min(0).max(8_640_000_000_000_000);
const countSchema = z.int().min(0);

const exportedMessageSchema = z.object({
  id: z.string().min(1).max(200),
  parentId: z.string().max(200).nullable(),
  role: z.enum(["user", "assistant"]),
  parts: z.array(messagePartSchema).max(limits.importPartsMax),
  /** A live answer is `interrupted` in a file. */
  status: messageStatusSchema.exclude(["streaming"]),
  modelId: z.string().max(100).nullable(),
  inputTokens: countSchema.nullable(),
  outputTokens: countSchema.nullable(),
  errorCode: z.string().max(100).nullable(),
  vote: z.enum(["up", "down"]).nullable(),
  createdAt: timeSchema,
  finishedAt: timeSchema.nullable(),
});
export type ExportedMessage = z.infer<typeof exportedMessageSchema>;

const versionNumberSchema = z.int().min(1).max(1_000_000_000);

const exportedVersionSchema = z.object({
  version: versionNumberSchema,
  author: documentVersionOutput.shape.author,
  status: documentVersionOutput.shape.status,
  /** The message that made it. */
  messageId: z.string().max(200).nullable(),
  /** The `version` whose content it restored. */
  restoredFrom: versionNumberSchema.nullable(),
  /** The `version` that the model made it from. */
  baseVersion: versionNumberSchema.nullable(),
  createdAt: timeSchema,
  content: contentSchema,
});
export type ExportedVersion = z.infer<typeof exportedVersionSchema>;

const suggestionTextSchema = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "This text can’t be stored.");

/** An open suggestion. */
const exportedSuggestionSchema = z.object({
  version: versionNumberSchema,
  /** The message that made it. */
  messageId: z.string().max(200).nullable(),
  original: suggestionTextSchema.min(1).max(4_000),
  start: countSchema,
  proposed: suggestionTextSchema.max(8_000),
  reason: suggestionTextSchema.max(1_000),
  createdAt: timeSchema,
});
export type ExportedSuggestion = z.infer<typeof exportedSuggestionSchema>;

export const exportedDocumentSchema = z.object({
  id: z.string().min(1).max(200),
  kind: documentKindSchema,
  title: z.string().min(1).max(limits.titleMaxLength),
  language: z.string().min(1).max(limits.languageMaxLength).nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  /** All, the first one first. */
  versions: z.array(exportedVersionSchema).min(1).max(limits.importVersionsMax),
  /** The open ones. Left out when there are none. */
  suggestions: z.array(exportedSuggestionSchema).max(limits.openSuggestionsMax).default([]),
});
export type ExportedDocument = z.infer<typeof exportedDocumentSchema>;

export const exportedChatSchema = z.object({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(1_000),
  titleSource: z.enum(["question", "model", "owner"]),
  pinnedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  currentMessageId: z.string().max(200).nullable(),
  messages: z.array(exportedMessageSchema).max(limits.importMessagesMax),
  /** Files without documents, and older ones, have none. */
  documents: z.array(exportedDocumentSchema).max(limits.importDocumentsMax).default([]),
});
export type ExportedChat = z.infer<typeof exportedChatSchema>;

export const chatImportInput = z.object({
  /**
   * Makes the request idempotent: sent again with the same id, it imports its chats once. Each
   * piece of a file has a new id. Without an id, each request is another import.
   */
  importId: z.uuid().optional(),
  /**
   * The content of a file, as JSON: ours, ChatGPT's `conversations.json`, or the tables `Chat` and
   * `Message_v2` of the Next.js template. A large file is sent in pieces.
   */
  data: z.unknown(),
});

export const chatImportOutput = z.object({
  imported: z.array(
    z.object({
      /** Index in the file, from 0. */
      index: z.number(),
      chatId: z.string(),
      title: z.string(),
      messageCount: z.number(),
    }),
  ),
  /** The documents without a chat. */
  importedDocuments: z.array(
    z.object({
      /** Index among the file's documents without a chat, from 0. */
      index: z.number(),
      documentId: z.string(),
      title: z.string(),
    }),
  ),
  /** Chats and documents that were not imported, each with the reason. */
  failures: z.array(
    z.object({
      kind: z.enum(["chat", "document"]),
      index: z.number(),
      title: z.string().nullable(),
      message: z.string(),
      /** Present when the viewer's storage is full. */
      limit: z.literal("storage").optional(),
    }),
  ),
});
export type ChatImportOutput = z.infer<typeof chatImportOutput>;
