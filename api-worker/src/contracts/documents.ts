import { z } from "zod";
import { limits } from "./limits.ts";
import { titleSchema } from "./title.ts";

/**
 * The kinds of documents. The stored form of each is a text: Markdown, source code, CSV, and of a
 * picture the JSON of `pictures.ts`.
 */
export const documentKinds = ["text", "code", "sheet", "image"] as const;
export const documentKindSchema = z.enum(documentKinds);
export type DocumentKind = z.infer<typeof documentKindSchema>;

const encoder = new TextEncoder();

/** The content of a version, from any client or file. */
export const contentSchema = z
  .string()
  .refine(
    (content) =>
      content.length <= limits.documentMaxBytes &&
      encoder.encode(content).length <= limits.documentMaxBytes,
    `Documents can have up to ${limits.documentMaxBytes / 1_000_000} MB.`,
  )
  // D1 would replace half of a surrogate pair, and store no NUL.
  .refine((content) => content.isWellFormed(), "This text has a character that is cut in half.")
  .refine((content) => !content.includes("\0"), "This text has a NUL character.");

const versionSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

export const documentIdInput = z.object({ documentId: z.uuid() });

export const documentOutput = z.object({
  id: z.string(),
  /** The chat in which the model made the document; null for a document that the user made. */
  chatId: z.string().nullable(),
  kind: documentKindSchema,
  title: z.string(),
  /** The language of code; null for text, and for code in an unknown language. */
  language: z.string().nullable(),
  /** The newest version. */
  version: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type DocumentOutput = z.infer<typeof documentOutput>;

/** A version without its content. */
export const documentVersionOutput = z.object({
  /** Names the version in calls. Later versions have higher ones, with gaps. */
  version: z.number(),
  /** The version's number for people: 1 for the first, without gaps. */
  number: z.number(),
  author: z.enum(["person", "model"]),
  /** How the writing of this version ended. */
  status: z.enum(["complete", "stopped", "interrupted"]),
  /** The message that made this version. */
  messageId: z.string().nullable(),
  /** The `number` of the version whose content it restored. */
  restoredFrom: z.number().nullable(),
  /**
   * The `version` from which the model made this one, when another was saved meanwhile; null
   * otherwise.
   */
  madeFrom: z.number().nullable(),
  /** UTF-8 bytes of the content. */
  bytes: z.number(),
  createdAt: z.number(),
});
export type DocumentVersionOutput = z.infer<typeof documentVersionOutput>;

export const documentGetInput = documentIdInput.extend({
  /** The newest when left out. */
  version: versionSchema.optional(),
});

export const documentGetOutput = z.object({
  document: documentOutput,
  version: documentVersionOutput,
  content: z.string(),
});
export type DocumentGetOutput = z.infer<typeof documentGetOutput>;

/** A version that a message of a chat has made, for all who may read the chat. */
export const documentShownInput = z.object({
  chatId: z.uuid(),
  documentId: z.uuid(),
  version: versionSchema,
});

export const documentShownOutput = z.object({
  kind: documentKindSchema,
  language: z.string().nullable(),
  status: documentVersionOutput.shape.status,
  content: z.string(),
});
export type DocumentShownOutput = z.infer<typeof documentShownOutput>;

const pageInput = z.object({
  limit: z.int().min(1).max(limits.documentsPageMax).default(30),
  /** `nextCursor` of the previous page. */
  cursor: z.string().max(200).nullish(),
});

export const documentListInput = pageInput.extend({
  /** Only the documents of this chat; all when left out. */
  chatId: z.uuid().optional(),
});

export const documentListOutput = z.object({
  items: z.array(documentOutput),
  /** null on the last page. */
  nextCursor: z.string().nullable(),
});
export type DocumentListOutput = z.infer<typeof documentListOutput>;

export const documentVersionsInput = documentIdInput.extend(pageInput.shape);

export const documentVersionsOutput = z.object({
  /** Newest first. */
  items: z.array(documentVersionOutput),
  nextCursor: z.string().nullable(),
});
export type DocumentVersionsOutput = z.infer<typeof documentVersionsOutput>;

export const documentCreateInput = z.object({
  /** Made by the client: the same key makes one document, however often it is sent. */
  key: z.uuid(),
  /** Only the model makes pictures. */
  kind: documentKindSchema.exclude(["image"]),
  title: titleSchema,
  language: z.string().trim().min(1).max(limits.languageMaxLength).nullish(),
  content: contentSchema,
});

export const documentRenameInput = documentIdInput.extend({ title: titleSchema });

export const documentSaveInput = documentIdInput.extend({
  content: contentSchema,
  /** The version that the content was made from. */
  baseVersion: versionSchema,
  /** Made by the client for this save. Sending the same save again makes no second version. */
  saveId: z.uuid(),
  /**
   * The editor's run of edits. Saves of one run within five minutes are one version. An editor
   * begins a new run when it has shown a conflict.
   */
  runId: z.uuid().optional(),
});

export const documentRestoreInput = documentIdInput.extend({ version: versionSchema });
