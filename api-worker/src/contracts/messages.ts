import { z } from "zod";
import { limits } from "./limits.ts";
import { messagePartSchema, toolApprovalSchema, userPartSchema } from "./message-parts.ts";

/**
 * The status of a message. All but `streaming` are final, and each answer ends in exactly one of
 * them.
 */
export const messageStatuses = [
  "streaming",
  "complete",
  "stopped",
  "interrupted",
  "failed",
] as const;
export const messageStatusSchema = z.enum(messageStatuses);
export type MessageStatus = z.infer<typeof messageStatusSchema>;

/** Why an answer is `failed`. The sentence for the user is derived from it and not stored. */
export const failureCodes = [
  "key",
  "quota",
  "overloaded",
  "blocked",
  "stalled",
  "cut",
  "too_long",
  "length_limit",
  "time_limit",
  "unavailable",
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Travels with a message as the AI SDK's `metadata`, and in a stream's first and last chunk. */
export interface MessageMetadata {
  status: MessageStatus;
  streamId?: string | null;
  parentId?: string | null;
  modelId?: string | null;
  errorCode?: string | null;
  inputTokens?: number | null;
  outputTokens?: number | null;
  createdAt?: number;
  /** When the answer ended: epoch ms. */
  finishedAt?: number | null;
}

const messageOutput = z.object({
  id: z.string(),
  chatId: z.string(),
  parentId: z.string().nullable(),
  role: z.enum(["user", "assistant"]),
  parts: z.array(messagePartSchema),
  status: messageStatusSchema,
  modelId: z.string().nullable(),
  streamId: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  errorCode: z.string().nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  /** All versions of this message including itself, oldest first; empty when it is the only one. */
  siblingIds: z.array(z.string()),
});
export type MessageOutput = z.infer<typeof messageOutput>;

export const messageListInput = z.object({
  chatId: z.uuid(),
  limit: z.int().min(1).max(limits.messagesPageMax).default(50),
  /** `nextCursor` of the previous page: the message at which this page ends. */
  cursor: z.string().max(200).nullish(),
});

/** One page of the shown branch, oldest first. Pages go backwards from the newest. */
export const messageListOutput = z.object({
  items: z.array(messageOutput),
  /** null when `items` has the first message of the chat. */
  nextCursor: z.string().nullable(),
});
export type MessageListOutput = z.infer<typeof messageListOutput>;

export const sendInput = z.object({
  chatId: z.uuid(),
  message: z.object({
    /**
     * Made by the client. Sending the same id again returns the turn that it started, as long as
     * the message exists, and is not counted again.
     */
    id: z.uuid(),
    parts: z
      .array(userPartSchema)
      .min(1)
      .max(limits.messagePartsMax)
      .refine(
        (parts) => parts.some((part) => part.type === "file" || part.text.trim() !== ""),
        "Write a message.",
      )
      .refine(
        (parts) => parts.filter(({ type }) => type === "file").length <= limits.filesPerMessageMax,
        `Messages can have up to ${limits.filesPerMessageMax} files.`,
      ),
  }),
  /** The message before this one; the shown leaf when left out. */
  parentId: z.uuid().nullish(),
  modelId: z.string().max(100).optional(),
});

export const sendOutput = z.object({
  chatId: z.string(),
  streamId: z.string(),
  assistantMessageId: z.string(),
});
export type SendOutput = z.infer<typeof sendOutput>;

export const streamInput = z.object({
  chatId: z.uuid(),
  /** The turn to read; the live one when left out. */
  streamId: z.uuid().nullish(),
  /**
   * `streamId:seq` of the last chunk that the reader has. tRPC's client sets it when it reconnects.
   */
  lastEventId: z.string().max(100).nullish(),
});

/** One event of `messages.stream`: consecutive AI SDK `UIMessageChunk`s. */
export const streamEventSchema = z.array(z.looseObject({ type: z.string() }));

/** An event of a response that goes on with the answer. `id` is as in `messages.stream`. */
export const startedEventSchema = z.object({ id: z.string(), chunks: streamEventSchema });
export type StartedEvent = z.infer<typeof startedEventSchema>;

/** Continues an answer that ended early. */
export const continueInput = z.object({ chatId: z.uuid(), messageId: z.string().max(200) });

/** Answers a question again, or one that has no answer. */
export const regenerateInput = z.object({
  chatId: z.uuid(),
  /** The question, or any of its answers. */
  messageId: z.string().max(200),
  /** The model of the existing answer when left out. */
  modelId: z.string().max(100).optional(),
  /**
   * Only while the chat ends in this question. If an answer has followed it, the turn of that answer
   * is returned, so that this request may be repeated.
   */
  onlyIfLast: z.boolean().optional(),
});

/**
 * Approvals for all tool calls that an answer waits for. The answer continues in a new turn, which
 * counts against the day.
 */
export const approveInput = z.object({
  chatId: z.uuid(),
  messageId: z.string().max(200),
  approvals: z.array(toolApprovalSchema).min(1).max(limits.messagePartsMax),
});

export const selectBranchInput = z.object({ chatId: z.uuid(), messageId: z.string().max(200) });
export const selectBranchOutput = z.object({
  /** The last message of the branch that is shown from now on. */
  currentMessageId: z.string(),
});
export type SelectBranchOutput = z.infer<typeof selectBranchOutput>;

export const stopInput = z.object({ chatId: z.uuid(), streamId: z.uuid() });
export const stopOutput = z.object({
  /** How the answer ended: `stopped`, or its earlier end when it had ended before the stop. */
  status: messageStatusSchema,
});
