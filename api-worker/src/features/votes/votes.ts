import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { setVoteInput, VoteListOutput, VoteOutput } from "../../contracts/votes.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { publishNews } from "../news/news.ts";
import { deleteVote, findVotable, listVotesIn, upsertVote } from "./queries.ts";

/**
 * Votes on an answer, changes the vote, or takes it back. The last call wins.
 *
 * @throws AppError NOT_FOUND; INVALID for a message that is not an answer
 */
export async function setVote(
  { env, content, log, userId }: OwnerContext,
  { messageId, vote }: z.infer<typeof setVoteInput>,
): Promise<VoteOutput> {
  const key = { userId, messageId };
  const message = await findVotable(content, key);
  if (!message) throw notFound("message");
  if (message.role !== "assistant") throw new AppError("INVALID", "You can only vote on answers.");
  if (vote === "none") await deleteVote(content, key);
  else if (!(await upsertVote(content, key, vote === "up", systemClock()))) {
    throw notFound("message");
  }
  const news = { type: "voted", chatId: message.chatId, messageId, vote } as const;
  await publishNews(env, log, userId, news);
  return { messageId, vote };
}

/** Lists the owner's votes in a chat. @throws AppError NOT_FOUND */
export async function listVotes(
  { content, userId }: OwnerContext,
  { chatId }: { readonly chatId: string },
): Promise<VoteListOutput> {
  const key = { userId, chatId };
  const { isThere, votes } = await listVotesIn(content, key);
  if (!isThere) throw notFound("chat");
  return {
    items: votes.map(({ messageId, isUpvoted }) => ({
      messageId,
      vote: isUpvoted ? "up" : "down",
    })),
  };
}
