import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";
import { ownerOutput } from "./admin-chats.ts";

const turnOutput = z.object({
  owner: ownerOutput,
  chatId: z.string(),
  messageId: z.string(),
  modelId: z.string().nullable(),
});

/**
 * What the chat's object says of an answer in progress. `ending`: it has ended, and D1 will get its
 * end. `parked`: D1 refuses its end. `unknown`: the object did not respond.
 */
export const turnStateOutput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("live"), chunks: z.number(), readers: z.number() }),
  z.object({ kind: z.literal("ending") }),
  z.object({ kind: z.literal("parked"), reason: z.string() }),
  z.object({ kind: z.literal("unknown") }),
]);

export const liveStreamOutput = turnOutput.extend({
  streamId: z.string(),
  startedAt: z.number(),
  state: turnStateOutput,
});
export type LiveStreamOutput = z.infer<typeof liveStreamOutput>;

export const liveStreamsOutput = z.object({
  /** Epoch milliseconds, to tell how long each takes. */
  now: z.number(),
  /** Oldest first. */
  streams: z.array(liveStreamOutput),
  /** Whether more are in progress than are listed. */
  hasMore: z.boolean(),
});
export type LiveStreamsOutput = z.infer<typeof liveStreamsOutput>;

export const stopStreamInput = z.object({
  userId: z.uuid(),
  chatId: z.string().min(1).max(200),
  streamId: z.uuid(),
  reason: reasonSchema.optional(),
});

export const listEndedInput = z.object({
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(100).default(50),
});

export const endedStreamOutput = turnOutput.extend({
  status: z.enum(["interrupted", "failed"]),
  errorCode: z.string().nullable(),
  finishedAt: z.number(),
});
export type EndedStreamOutput = z.infer<typeof endedStreamOutput>;

export const listEndedOutput = z.object({
  /** Last ended first. */
  items: z.array(endedStreamOutput),
  nextCursor: z.string().nullable(),
});
