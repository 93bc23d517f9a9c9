import type { ContentDb } from "db";

/** Builds the query for a user's usage from a day on, newest day first. */
export function listUsageQuery(
  content: ContentDb,
  { userId, fromDay }: { readonly userId: string; readonly fromDay: string },
) {
  return content.kysely
    .selectFrom("usageDays")
    .select(["day", "modelId", "answers", "inputTokens", "outputTokens", "costNanos"])
    .where("userId", "=", userId)
    .where("day", ">=", fromDay)
    .orderBy("day", "desc")
    .orderBy("modelId", "desc");
}
