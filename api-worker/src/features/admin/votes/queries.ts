import { type ContentDb, sql } from "db";
import type { VoteSide } from "../../../contracts/admin-votes.ts";
import { isAfter, type PageRequest } from "../../../platform/page.ts";

export interface VoteFilter {
  readonly vote?: VoteSide | undefined;
  readonly modelId?: string | undefined;
}

/**
 * Lists a page of the votes of one content database, last changed first. Each filter has an index in
 * the list's order.
 */
export function listVotesOfAll(
  content: ContentDb,
  { vote, modelId }: VoteFilter,
  { after, limit }: PageRequest,
) {
  const query = content.kysely
    .selectFrom("votes")
    // A vote has an answer, which has a chat. Left joins keep the votes in front.
    .leftJoin("messages", (join) =>
      join
        .onRef("messages.userId", "=", "votes.userId")
        .onRef("messages.id", "=", "votes.messageId"),
    )
    .leftJoin("chats", (join) =>
      join.onRef("chats.userId", "=", "messages.userId").onRef("chats.id", "=", "messages.chatId"),
    )
    .select([
      "votes.userId",
      "votes.messageId",
      "votes.answerModelId as modelId",
      "votes.isUpvoted",
      "votes.updatedAt",
      sql<string>`chats.id`.as("chatId"),
      sql<string>`chats.title`.as("title"),
      "chats.visibility",
    ])
    .$if(vote !== undefined, (some) => some.where("votes.isUpvoted", "=", vote === "up" ? 1 : 0))
    .$if(modelId !== undefined, (some) => some.where("votes.answerModelId", "=", modelId ?? ""))
    .orderBy("votes.updatedAt", "desc")
    .orderBy("votes.messageId", "desc")
    .limit(limit);
  if (after === null) return query.execute();
  return query.where(isAfter(["votes.updatedAt", "votes.messageId"], after)).execute();
}

/** Lists the votes of each day and model of one content database from a day on. */
export function listVoteDays(content: ContentDb, fromDay: string) {
  return content.kysely
    .selectFrom("voteDays")
    .select(["day", "modelId", "up", "down"])
    .where("day", ">=", fromDay)
    .orderBy("day", "desc")
    .orderBy("modelId", "desc")
    .execute();
}
