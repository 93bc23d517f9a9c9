import { type ContentDb, runBatch, sql } from "db";
import { noteMessage } from "../../search/note-changes.ts";
import { addSiteCostQuery, addUsageQuery } from "./add-usage.ts";
import type { Outcome } from "./chunks.ts";
import type { AnswerKey } from "./turn-types.ts";

/**
 * Writes the end of an answer to D1, and adds its tokens and its cost to the user's day. Safe to run
 * again. Never brings back a deleted message. A continued answer sums up the tokens of its turns.
 *
 * @returns whether the answer was open until now
 */
export async function finishMessage(
  db: ContentDb,
  answer: AnswerKey,
  end: Outcome & {
    readonly parts: string;
    readonly finishedAt: number;
    readonly costNanos?: number;
  },
): Promise<boolean> {
  const add = (column: "inputTokens" | "outputTokens", count: number | undefined) =>
    count === undefined
      ? sql<number | null>`${sql.ref(column)}`
      : sql<number>`coalesce(${sql.ref(column)}, 0) + ${count}`;
  const [, , finished] = await runBatch(db, [
    addUsageQuery(db, answer, end),
    addSiteCostQuery(db, answer, end),
    db.kysely
      .updateTable("messages")
      .set({
        parts: end.parts,
        status: end.status,
        errorCode: end.errorCode ?? null,
        inputTokens: add("inputTokens", end.inputTokens),
        outputTokens: add("outputTokens", end.outputTokens),
        finishedAt: end.finishedAt,
      })
      .where("userId", "=", answer.userId)
      .where("id", "=", answer.assistantMessageId)
      .where("streamId", "=", answer.turnId)
      .where("status", "=", "streaming")
      .returning("id"),
    noteMessage({ userId: answer.userId, id: answer.assistantMessageId }),
  ]);
  return finished.length > 0;
}
