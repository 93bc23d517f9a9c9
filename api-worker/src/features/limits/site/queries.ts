import { type ContentDb, sql, valuesOf } from "db";
import type { OpenHold } from "./site-ledger.ts";

/**
 * Finds the answers of turns. An answer is found under its turn's id only until another turn
 * continues it, and under its owner's until a guest's chats move to an account.
 */
export function findAnswers(content: ContentDb, holds: readonly OpenHold[]) {
  const idsOf = (key: "userId" | "messageId" | "turnId") => [
    ...new Set(holds.map((hold) => hold[key])),
  ];
  return content.kysely
    .selectFrom("messages")
    .select([
      "streamId as turnId",
      "status",
      "inputTokens",
      "outputTokens",
      sql<number>`octet_length(parts)`.as("bytes"),
    ])
    .where("userId", "in", valuesOf(idsOf("userId")))
    .where("id", "in", valuesOf(idsOf("messageId")))
    .where("streamId", "in", valuesOf(idsOf("turnId")))
    .execute();
}
