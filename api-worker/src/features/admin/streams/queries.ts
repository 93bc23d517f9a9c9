import { type ContentDb, sql } from "db";
import { isAfter, type PageRequest } from "../../../platform/page.ts";

/** Lists answers in progress of one content database. The index has only these. */
export function listOpenAnswers(content: ContentDb, limit: number) {
  return content.kysely
    .selectFrom("messages")
    .innerJoin("chats", (join) =>
      join.onRef("chats.userId", "=", "messages.userId").onRef("chats.id", "=", "messages.chatId"),
    )
    .select([
      "messages.userId",
      "messages.chatId",
      "messages.id as messageId",
      "messages.modelId",
      "messages.streamId",
      "messages.createdAt",
      "chats.objectName",
    ])
    .where("messages.status", "=", sql.lit("streaming"))
    .limit(limit)
    .execute();
}

export type OpenAnswer = Awaited<ReturnType<typeof listOpenAnswers>>[number];

/** Lists a page of answers that ended badly, of one content database, last ended first. */
export async function listEndedBadly(content: ContentDb, { after, limit }: PageRequest) {
  const query = content.kysely
    .selectFrom("messages")
    .select([
      "userId",
      "chatId",
      "id as messageId",
      "modelId",
      sql<"interrupted" | "failed">`status`.as("status"),
      "errorCode",
      sql<number>`finishedAt`.as("finishedAt"),
    ])
    .where(sql<boolean>`status IN ('interrupted', 'failed')`)
    .where("finishedAt", "is not", null)
    .orderBy("finishedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  return after === null
    ? query.execute()
    : query.where(isAfter(["finishedAt", "id"], after)).execute();
}
