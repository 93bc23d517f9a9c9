/** The rows of days (migrations 0014 of home and 0016 of content), each read from its key on. */
import { type ContentDb, type HomeDb, runBatch, sql } from "db";

/** The last day before `fromDay` that has a row, or `fromDay`: its numbers apply until the next. */
const lastBefore = (table: "userDays" | "contentDays", fromDay: string) =>
  sql<string>`coalesce((SELECT max(day) FROM ${sql.table(table)} WHERE day < ${fromDay}), ${fromDay})`;

/** Lists the days with changes of users from a day on, oldest first, after the last one before. */
export function listUserDays(home: HomeDb, fromDay: string) {
  return home.kysely
    .selectFrom("userDays")
    .select(["day", "accounts", "guests", "newAccounts", "newGuests"])
    .where("day", ">=", lastBefore("userDays", fromDay))
    .orderBy("day")
    .execute();
}

/**
 * Lists the days of a content database from a day on, in one round trip.
 *
 * @returns the days with changes, oldest first, after the last one before; and the answers of each
 *   day and model, in no order
 */
export function listContentDays(content: ContentDb, fromDay: string) {
  return runBatch(content, [
    content.kysely
      .selectFrom("contentDays")
      .select([
        ...(["day", "chats", "messages", "openAnswers"] as const),
        ...(["textBytes", "fileBytes", "streamBytes", "newChats", "newMessages"] as const),
      ])
      .where("day", ">=", lastBefore("contentDays", fromDay))
      .orderBy("day"),
    content.kysely
      .selectFrom("answerDays")
      .select([
        ...(["day", "modelId", "answers", "stopped", "interrupted", "failed"] as const),
        ...(["inputTokens", "outputTokens", "costNanos"] as const),
      ])
      .where("day", ">=", fromDay),
  ]);
}
