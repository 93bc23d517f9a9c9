import { z } from "zod";

export const votes = ["up", "down", "none"] as const;
export const voteSchema = z.enum(votes);
export type Vote = z.infer<typeof voteSchema>;

export const setVoteInput = z.object({
  messageId: z.string().max(200),
  /** "none" removes the vote. */
  vote: voteSchema,
});

export const voteOutput = z.object({ messageId: z.string(), vote: voteSchema });
export type VoteOutput = z.infer<typeof voteOutput>;

/** The viewer's votes in a chat. Answers without a vote are left out. */
export const voteListOutput = z.object({ items: z.array(voteOutput) });
export type VoteListOutput = z.infer<typeof voteListOutput>;
