import type { ContentDb } from "db";

/** A user's use from a day on, the newest day first. A builder, so that a test can look at its plan. */
export function listUsageQuery(
  content: ContentDb,
  { userId, fromDay }: { readonly userId: string; readonly fromDay: string },
) {
  return content.kysely
    .selectFrom("usageDays")
    .select(["day", "modelId", "answers", "inputTokens", "outputTokens"])
    .where("userId", "=", userId)
    .where("day", ">=", fromDay)
    .orderBy("day", "desc")
    .orderBy("modelId", "desc");
}
