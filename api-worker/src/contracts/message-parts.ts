/**
 * The message parts that are ours and not the AI SDK's: the parts of a question, the `data-…` parts
 * that an answer may have beside the model's text, and approvals of tool calls. The worker and the
 * web app both import them, so a part that is defined on one side only does not compile.
 */
import { z } from "zod";
import { documentKindSchema } from "./documents.ts";
import { limits } from "./limits.ts";
import { filePartSchema } from "./uploads.ts";

/** A stored UI message part of the AI SDK, which owns its shape. We rely on `type` only. */
export const messagePartSchema = z.looseObject({ type: z.string() });
export type MessagePart = z.infer<typeof messagePartSchema>;

const textPartSchema = z.object({
  type: z.literal("text"),
  text: z
    .string()
    .min(1, "Write a message.")
    .max(
      limits.messageTextMaxLength,
      `Messages can have up to ${limits.messageTextMaxLength} characters.`,
    ),
});

/** A part of a question, as a client sends it. */
export const userPartSchema = z.discriminatedUnion("type", [textPartSchema, filePartSchema]);
export type UserPart = z.infer<typeof userPartSchema>;

/** The reader's answer to a tool call that needs approval. */
export const toolApprovalSchema = z.object({
  approvalId: z.string().max(200),
  isApproved: z.boolean(),
});
export type ToolApproval = z.infer<typeof toolApprovalSchema>;

/** A kind of `data-…` part. */
interface DataPartDefinition {
  /**
   * The schema of `data` in its chunks. A kind whose data has a string `delta` is written in
   * pieces: its chunks have an id, and the deltas with one id follow each other (see
   * `data-deltas.ts`).
   */
  readonly data: z.ZodType;
  /**
   * Shown while the turn runs, also to readers who connect later, but not stored in the message.
   */
  readonly isTransient: boolean;
}

/** Every kind of `data-…` part, by the name after `data-`. */
export const dataParts = {
  /** The chat's title, when the model has found one. */
  title: { data: z.object({ title: z.string() }), isTransient: true },
  /** Notes for the reader about files that the model could not use fully. Part of an answer. */
  "file-notes": { data: z.object({ notes: z.array(z.string()).readonly() }), isTransient: false },
  /**
   * Says that the answer was interrupted and went on by itself, and how often. One part of an
   * answer, with the id {@link restartPartId}: a later one replaces it.
   */
  restart: { data: z.object({ count: z.int().min(1).max(1_000) }), isTransient: false },
  /**
   * A document that the model makes or changes, one part for each call of a tool, with the call's id.
   * A later one with this id replaces it.
   */
  document: {
    data: z.object({
      documentId: z.uuid(),
      kind: documentKindSchema,
      title: z.string().max(limits.titleMaxLength),
      language: z.string().max(limits.languageMaxLength).nullable(),
      action: z.enum(["create", "update", "edit", "suggest"]),
      /**
       * How the writing ended. `deleted`: the document was deleted meanwhile, and has no version of
       * it.
       */
      state: z.enum(["writing", "complete", "stopped", "interrupted", "deleted"]),
      /** For `suggest`: how many suggestions there are so far. */
      suggestionCount: z.int().min(0).max(limits.suggestionsPerCallMax).optional(),
      /** The version that it was made from; null for a new document. */
      baseVersion: z.int().min(1).nullable(),
      /** The version that it became; null until that is saved. For `suggest`, `baseVersion`. */
      version: z.int().min(1).nullable(),
    }),
    isTransient: false,
  },
  /**
   * The text of the `document` part with the same id. Part of an answer only until the document's
   * version is saved.
   */
  "document-text": { data: z.object({ delta: z.string() }), isTransient: false },
  /** Replaces a file part whose upload was deleted. Part of a question. */
  "deleted-file": {
    data: z.object({ filename: z.string().nullish(), mediaType: z.string().nullish() }),
    isTransient: false,
  },
  /**
   * Replaces a file of an imported message that is not stored here. Only its reader can open its
   * address; neither the worker nor a page loads it.
   */
  "foreign-file": {
    data: z.object({
      filename: z.string().max(limits.fileNameMaxLength),
      mediaType: z.string().max(200).nullish(),
      /** Where the file is; null for one that was part of the message and could not be stored. */
      url: z.url({ protocol: /^https?$/ }).nullable(),
      /** Why it was not stored, as a sentence. */
      reason: z.string().max(500).nullish(),
    }),
    isTransient: false,
  },
  /**
   * What a chat had before it was moved here, and no kind of part can show. Its reader can open it
   * as it was; no model gets it.
   */
  legacy: {
    data: z.object({
      /** What it was called, such as the type of the part. */
      type: z.string().max(200),
      /** The whole of it, as JSON. */
      json: z.string(),
    }),
    isTransient: false,
  },
} as const satisfies Record<string, DataPartDefinition>;

/** The id of an answer's part of the kind `restart`. */
export const restartPartId = "restart";

export type DataPartName = keyof typeof dataParts;
export type DataPartType = `data-${DataPartName}`;

/** The data of each kind by its name: the AI SDK's `DATA_TYPES`. */
export type MessageData = {
  [Name in DataPartName]: z.infer<(typeof dataParts)[Name]["data"]>;
};

/** A chunk of a data part, exactly as its definition demands. */
export type DataChunk = {
  [Name in DataPartName]: {
    readonly type: `data-${Name}`;
    readonly data: MessageData[Name];
  } & ((typeof dataParts)[Name]["isTransient"] extends true
    ? { readonly transient: true }
    : { readonly transient?: never }) &
    (MessageData[Name] extends { readonly delta: string }
      ? { readonly id: string }
      : { readonly id?: string });
}[DataPartName];

/** The definition of a part's kind; undefined for a part that is not in {@link dataParts}. */
export function dataPartOf(type: string): DataPartDefinition | undefined {
  const name = type.startsWith("data-") ? type.slice("data-".length) : "";
  return Object.hasOwn(dataParts, name) ? dataParts[name as DataPartName] : undefined;
}

/** Whether a type is that of a part in place of a file that is not stored. */
export function isAbsentFile(type: string): boolean {
  return type === "data-deleted-file" || type === "data-foreign-file";
}
