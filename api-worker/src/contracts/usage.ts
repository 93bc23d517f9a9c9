import { z } from "zod";
import { storageOutput } from "./storage.ts";

export const usageInput = z.object({
  /** Days to look back, today included. */
  days: z.int().min(1).max(366).default(30),
});

const countOutput = z.object({
  used: z.number(),
  /** null: no limit. */
  max: z.number().nullable(),
  /** null: no limit. */
  left: z.number().nullable(),
});

export const usageOutput = z.object({
  /** Newest first. Days without usage are left out. Days are UTC. */
  items: z.array(
    z.object({
      /** YYYY-MM-DD */
      day: z.string(),
      modelId: z.string(),
      /** Answers that ended in any status. */
      answers: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      /**
       * Nano-dollars, by the prices at the time of the answers; 0 for answers without a price. All costs
       * are 0 for a viewer without a limit in money, who is not told them.
       */
      costNanos: z.number(),
    }),
  ),
  today: z.object({
    /** YYYY-MM-DD */
    day: z.string(),
    /** When the day ends and the counts reset, in epoch milliseconds. */
    endsAt: z.number(),
    /** Turns: each call of `send`, `regenerate`, `continue` and `approve` that starts one. */
    messages: countOutput,
    /** Of the turns that have ended. */
    tokens: countOutput,
    /** Nano-dollars. Turns in progress count by their estimates. */
    cost: countOutput,
  }),
  month: z.object({
    /** When the month (UTC) ends and its count resets, in epoch milliseconds. */
    endsAt: z.number(),
    cost: countOutput,
  }),
  storage: storageOutput,
  /**
   * Whether chats from before the viewer logged in wait for room: they stay hidden until they fit.
   */
  hasWaitingChats: z.boolean(),
});
export type UsageOutput = z.infer<typeof usageOutput>;
