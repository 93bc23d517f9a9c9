/**
 * The parts of messages that are ours and not the AI SDK's: what a question may consist of, the
 * `data-…` parts that an answer may have beside the model's words, and what the reader says to a
 * tool call. The worker and the web app both take them from here, so a part that is defined on one
 * side only does not compile.
 */
import { z } from "zod";
import { limits } from "./limits.ts";
import { filePartSchema } from "./uploads.ts";

/** An AI SDK UI message part, as stored. Its shape belongs to the AI SDK; only `type` is ours to rely on. */
export const messagePartSchema = z.looseObject({ type: z.string() });
export type MessagePart = z.infer<typeof messagePartSchema>;

const textPartSchema = z.object({
  type: z.literal("text"),
  text: z
    .string()
    .min(1, "Write a message.")
    .max(
      limits.messageTextMaxLength,
      `A message can have at most ${limits.messageTextMaxLength} characters.`,
    ),
});

/** A part of a question, as a client sends it. */
export const userPartSchema = z.discriminatedUnion("type", [textPartSchema, filePartSchema]);
export type UserPart = z.infer<typeof userPartSchema>;

/** What the reader says to a tool call that asks first. */
export const toolApprovalSchema = z.object({
  approvalId: z.string().max(200),
  isApproved: z.boolean(),
});
export type ToolApproval = z.infer<typeof toolApprovalSchema>;

/** A kind of `data-…` part. */
interface DataPartDefinition {
  /**
   * What its chunks carry as `data`. A kind whose data has a string `delta` is written in pieces:
   * its chunks have an id, and the deltas of one id follow each other (see `data-deltas.ts`).
   */
  readonly data: z.ZodType;
  /** Shown while the turn runs, and again to a reader who comes later, but not kept in the message. */
  readonly isTransient: boolean;
}

/** Every kind of `data-…` part, by what follows `data-` in its type. */
export const dataParts = {
  /** The chat's title, as soon as the model has found one. */
  title: { data: z.object({ title: z.string() }), isTransient: true },
  /** What the reader should know of the files that the model was given; in the answer. */
  "file-notes": { data: z.object({ notes: z.array(z.string()).readonly() }), isTransient: false },
  /** In place of a file part whose upload was deleted; in the question. */
  "deleted-file": {
    data: z.object({ filename: z.string().nullish(), mediaType: z.string().nullish() }),
    isTransient: false,
  },
} as const satisfies Record<string, DataPartDefinition>;

export type DataPartName = keyof typeof dataParts;
export type DataPartType = `data-${DataPartName}`;

/** The data of each kind by its name: the AI SDK's `DATA_TYPES`. */
export type MessageData = {
  [Name in DataPartName]: z.infer<(typeof dataParts)[Name]["data"]>;
};

/** A chunk that writes a data part: what its definition demands, and nothing else. */
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

/** The definition of a part's kind; undefined for a part that is not one of {@link dataParts}. */
export function dataPartOf(type: string): DataPartDefinition | undefined {
  const name = type.startsWith("data-") ? type.slice("data-".length) : "";
  return Object.hasOwn(dataParts, name) ? dataParts[name as DataPartName] : undefined;
}
