import { z } from "zod";
import { ownerOutput } from "./admin-chats.ts";
import { overviewInput } from "./admin-stats.ts";

export const voteSides = ["up", "down"] as const;
export type VoteSide = (typeof voteSides)[number];

export const listAdminVotesInput = z.object({
  vote: z.enum(voteSides).optional(),
  /** Votes on answers of this model. */
  modelId: z.string().min(1).max(200).optional(),
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(100).default(50),
});

export const adminVoteOutput = z.object({
  owner: ownerOutput,
  chatId: z.string(),
  /** null for a private chat while the operator keeps chats closed. */
  chatTitle: z.string().nullable(),
  messageId: z.string(),
  /** Empty for an answer of an unknown model. */
  modelId: z.string(),
  vote: z.enum(voteSides),
  updatedAt: z.number(),
});
export type AdminVoteOutput = z.infer<typeof adminVoteOutput>;

export const listAdminVotesOutput = z.object({
  /** Last changed first. */
  items: z.array(adminVoteOutput),
  nextCursor: z.string().nullable(),
  /** Whether the operator lets administrators open chats. */
  canOpen: z.boolean(),
});
export type ListAdminVotesOutput = z.infer<typeof listAdminVotesOutput>;

export const votesByDayInput = overviewInput;

export const voteDayOutput = z.object({
  /** YYYY-MM-DD, UTC: the day on which the votes were last changed. */
  day: z.string(),
  modelId: z.string(),
  up: z.number(),
  down: z.number(),
});
export type VoteDayOutput = z.infer<typeof voteDayOutput>;

export const votesByDayOutput = z.object({
  /** YYYY-MM-DD, the last day of the span. */
  today: z.string(),
  /** Newest day first. Days and models without votes are left out. */
  items: z.array(voteDayOutput),
});
export type VotesByDayOutput = z.infer<typeof votesByDayOutput>;
