import { type ContentDb, sql } from "db";
import { utcDay } from "../../../platform/utc-day.ts";
import type { Outcome } from "./chunks.ts";
import type { AnswerKey } from "./turn-types.ts";

type AnswerEnd = Outcome & { readonly finishedAt: number; readonly costNanos?: number };

/**
 * Builds the query that adds an answer's tokens and cost to the user's day. It applies only while the
 * answer is open: the statement that ends the answer follows in the same transaction.
 */
export function addUsageQuery(db: ContentDb, answer: AnswerKey, end: AnswerEnd) {
  return db.kysely
    .insertInto("usageDays")
    .columns(["userId", "day", "modelId", "answers", "inputTokens", "outputTokens", "costNanos"])
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
          sql.val(end.costNanos ?? 0).as("costNanos"),
        ])
        .where(isOpen(answer)),
    )
    .onConflict((conflict) =>
      conflict.columns(["userId", "day", "modelId"]).doUpdateSet(({ ref }) => ({
        answers: sql`${ref("usageDays.answers")} + excluded.answers`,
        inputTokens: sql`${ref("usageDays.inputTokens")} + excluded.inputTokens`,
        outputTokens: sql`${ref("usageDays.outputTokens")} + excluded.outputTokens`,
        costNanos: sql`${ref("usageDays.costNanos")} + excluded.costNanos`,
      })),
    );
}

/**
 * Builds the query that adds an answer's cost to that of all users, under the same condition. An answer
 * that costs nothing writes no row. A trigger counts the answer itself once it has ended.
 */
export function addSiteCostQuery(db: ContentDb, answer: AnswerKey, end: AnswerEnd) {
  return db.kysely
    .insertInto("answerDays")
    .columns(["day", "modelId", "answers", "inputTokens", "outputTokens", "costNanos"])
    .expression((eb) =>
      eb
        .selectFrom("messages")
        .select([
          sql.val(utcDay(end.finishedAt)).as("day"),
          sql<string>`coalesce(modelId, '')`.as("modelId"),
          sql.lit(0).as("answers"),
          sql.lit(0).as("inputTokens"),
          sql.lit(0).as("outputTokens"),
          sql.val(end.costNanos ?? 0).as("costNanos"),
        ])
        .where(isOpen(answer))
        .where(sql<boolean>`${end.costNanos ?? 0} > 0`),
    )
    .onConflict((conflict) =>
      conflict.columns(["day", "modelId"]).doUpdateSet(({ ref }) => ({
        costNanos: sql`${ref("answerDays.costNanos")} + excluded.costNanos`,
      })),
    );
}

function isOpen({ userId, assistantMessageId, turnId }: AnswerKey) {
  return sql<boolean>`userId = ${userId} AND id = ${assistantMessageId}
    AND streamId = ${turnId} AND status = 'streaming'`;
}
