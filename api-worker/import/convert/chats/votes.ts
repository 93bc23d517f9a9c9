import type { RawRow, TableRows } from "../../model.ts";
import type { Findings } from "../context.ts";
import { isTrue } from "../values.ts";
import type { ChatGroup, ChatPlan } from "./plan-chat.ts";

/** The votes of a chat: one for each message, of the newer table where both have one. */
export function convertVotes(
  plan: ChatPlan,
  { votes, oldVotes }: Pick<ChatGroup, "votes" | "oldVotes">,
  findings: Findings,
): TableRows {
  const { userId, messageIds } = plan;
  const times = new Map(plan.messages.map(({ id, createdAt }) => [id, createdAt]));
  const rows = new Map<string, TableRows["rows"][number]>();
  const add = (table: string, vote: RawRow) => {
    const sourceId = vote.messageId ?? "";
    const messageId = messageIds.get(sourceId);
    const updatedAt = messageId === undefined ? undefined : times.get(messageId);
    if (messageId === undefined || updatedAt === undefined) {
      const note = findings.of(table, sourceId);
      return note("vote-without-message", "Its message does not exist, so it is not copied.");
    }
    const isUpvoted = isTrue(vote.isUpvoted) ? 1 : 0;
    const other = rows.get(messageId);
    if (!other) return rows.set(messageId, { userId, messageId, isUpvoted, updatedAt });
    if (other.isUpvoted === isUpvoted) return;
    findings.of(table, sourceId)("vote-twice", "Its answer has another vote, which is kept.");
  };
  for (const vote of votes) add("Vote_v2", vote);
  for (const vote of oldVotes) add("Vote", vote);
  return {
    ...{ table: "votes", database: "content", key: ["userId", "messageId"] },
    rows: [...rows.values()],
  };
}
