import { type ContentDb, sql } from "db";
import { utcDay } from "../../../platform/utc-day.ts";
import type { Outcome } from "./chunks.ts";
import type { AnswerKey } from "./turn-types.ts";

/**
 * Builds the query that adds an answer's tokens to the user's day. It applies only while the answer
 * is open: the statement that ends the answer follows in the same transaction.
 */
export function addUsageQuery(
  db: ContentDb,
  answer: AnswerKey,
  end: Outcome & { readonly finishedAt: number },
) {
  return db.kysely
    .insertInto("usageDays")
    .columns(["userId", "day", "modelId", "answers", "inputTokens", "outputTokens"])
    .expression((eb) =>
      eb
        .selectFrom("messages")
        .select([
          "userId",
          sql.val(utcDay(end.finishedAt)).as("day"),
          sql<string>`coalesce(modelId, '')`.as("modelId"),
          sql.lit(1).as("answers"),
          sql.val(end.inputTokens ?? 0).as("inputTokens"),
          sql.val(end.outputTokens ?? 0).as("outputTokens"),
        ])
        .where("userId", "=", answer.userId)
        .where("id", "=", answer.assistantMessageId)
        .where("streamId", "=", answer.turnId)
        .where("status", "=", "streaming"),
    )
    .onConflict((conflict) =>
      conflict.columns(["userId", "day", "modelId"]).doUpdateSet(({ ref }) => ({
        answers: sql`${ref("usageDays.answers")} + excluded.answers`,
        inputTokens: sql`${ref("usageDays.inputTokens")} + excluded.inputTokens`,
        outputTokens: sql`${ref("usageDays.outputTokens")} + excluded.outputTokens`,
      })),
    );
}
