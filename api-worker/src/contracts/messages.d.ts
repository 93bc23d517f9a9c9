import { z } from "zod";
/** How an answer stands. All but `streaming` are final, and each answer ends in exactly one. */
export declare const messageStatuses: readonly [
  "streaming",
  "complete",
  "stopped",
  "interrupted",
  "failed",
];
export declare const messageStatusSchema: z.ZodEnum<{
  failed: "failed";
  complete: "complete";
  streaming: "streaming";
  stopped: "stopped";
  interrupted: "interrupted";
}>;
export type MessageStatus = z.infer<typeof messageStatusSchema>;
/** Why an answer is `failed`. The sentence for the user is made from it, not stored. */
export declare const failureCodes: readonly [
  "key",
  "quota",
  "overloaded",
  "blocked",
  "stalled",
  "cut",
  "too_long",
  "unavailable",
];
export type FailureCode = (typeof failureCodes)[number];
/** An AI SDK UI message part, as stored. Its shape belongs to the AI SDK; only `type` is ours to rely on. */
export declare const messagePartSchema: z.ZodObject<
  {
    type: z.ZodString;
  },
  z.core.$loose
>;
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
}
export declare const messageOutput: z.ZodObject<
  {
    id: z.ZodString;
    chatId: z.ZodString;
    parentId: z.ZodNullable<z.ZodString>;
    role: z.ZodEnum<{
      user: "user";
      assistant: "assistant";
    }>;
    parts: z.ZodArray<
      z.ZodObject<
        {
          type: z.ZodString;
        },
        z.core.$loose
      >
    >;
    status: z.ZodEnum<{
      failed: "failed";
      complete: "complete";
      streaming: "streaming";
      stopped: "stopped";
      interrupted: "interrupted";
    }>;
    modelId: z.ZodNullable<z.ZodString>;
    streamId: z.ZodNullable<z.ZodString>;
    inputTokens: z.ZodNullable<z.ZodNumber>;
    outputTokens: z.ZodNullable<z.ZodNumber>;
    errorCode: z.ZodNullable<z.ZodString>;
    createdAt: z.ZodNumber;
    finishedAt: z.ZodNullable<z.ZodNumber>;
  },
  z.core.$strip
>;
export type MessageOutput = z.infer<typeof messageOutput>;
export declare const messageListInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
    limit: z.ZodDefault<z.ZodInt>;
    cursor: z.ZodOptional<z.ZodNullable<z.ZodString>>;
  },
  z.core.$strip
>;
/** One page of the shown branch, oldest first. Pages go backwards from the newest. */
export declare const messageListOutput: z.ZodObject<
  {
    items: z.ZodArray<
      z.ZodObject<
        {
          id: z.ZodString;
          chatId: z.ZodString;
          parentId: z.ZodNullable<z.ZodString>;
          role: z.ZodEnum<{
            user: "user";
            assistant: "assistant";
          }>;
          parts: z.ZodArray<
            z.ZodObject<
              {
                type: z.ZodString;
              },
              z.core.$loose
            >
          >;
          status: z.ZodEnum<{
            failed: "failed";
            complete: "complete";
            streaming: "streaming";
            stopped: "stopped";
            interrupted: "interrupted";
          }>;
          modelId: z.ZodNullable<z.ZodString>;
          streamId: z.ZodNullable<z.ZodString>;
          inputTokens: z.ZodNullable<z.ZodNumber>;
          outputTokens: z.ZodNullable<z.ZodNumber>;
          errorCode: z.ZodNullable<z.ZodString>;
          createdAt: z.ZodNumber;
          finishedAt: z.ZodNullable<z.ZodNumber>;
        },
        z.core.$strip
      >
    >;
    nextCursor: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type MessageListOutput = z.infer<typeof messageListOutput>;
export declare const userPartSchema: z.ZodObject<
  {
    type: z.ZodLiteral<"text">;
    text: z.ZodString;
  },
  z.core.$strip
>;
export declare const sendInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
    message: z.ZodObject<
      {
        id: z.ZodUUID;
        parts: z.ZodArray<
          z.ZodObject<
            {
              type: z.ZodLiteral<"text">;
              text: z.ZodString;
            },
            z.core.$strip
          >
        >;
      },
      z.core.$strip
    >;
    parentId: z.ZodOptional<z.ZodNullable<z.ZodUUID>>;
    modelId: z.ZodOptional<z.ZodString>;
  },
  z.core.$strip
>;
export declare const sendOutput: z.ZodObject<
  {
    chatId: z.ZodString;
    streamId: z.ZodString;
    assistantMessageId: z.ZodString;
  },
  z.core.$strip
>;
export type SendOutput = z.infer<typeof sendOutput>;
export declare const streamInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
    streamId: z.ZodOptional<z.ZodNullable<z.ZodUUID>>;
    lastEventId: z.ZodOptional<z.ZodNullable<z.ZodString>>;
  },
  z.core.$strip
>;
/** One event of `messages.stream`: AI SDK `UIMessageChunk`s that follow each other. */
export declare const streamEventSchema: z.ZodArray<
  z.ZodObject<
    {
      type: z.ZodString;
    },
    z.core.$loose
  >
>;
export declare const stopInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
    streamId: z.ZodUUID;
  },
  z.core.$strip
>;
export declare const stopOutput: z.ZodObject<
  {
    status: z.ZodEnum<{
      failed: "failed";
      complete: "complete";
      streaming: "streaming";
      stopped: "stopped";
      interrupted: "interrupted";
    }>;
  },
  z.core.$strip
>;
