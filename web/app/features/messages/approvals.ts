import type { ToolApproval } from "api-worker/contracts";
import type { ChatMessage } from "./message.ts";

type Part = ChatMessage["parts"][number];

/** The tool calls of an answer that wait for what the reader says, by their approvals' ids. */
export function waitingApprovals(message: ChatMessage): string[] {
  return message.parts.flatMap((part) => {
    const id = waitingApproval(part);
    return id === null ? [] : [id];
  });
}

/** @returns the id to answer by; null for a part that does not wait */
export function waitingApproval(part: Part): string | null {
  if (!("state" in part) || part.state !== "approval-requested") return null;
  return part.approval.id;
}

/** The answer with what the reader says noted in it. */
export function withApprovals(
  message: ChatMessage,
  approvals: readonly ToolApproval[],
): ChatMessage {
  const said = new Map(approvals.map(({ approvalId, isApproved }) => [approvalId, isApproved]));
  const parts = message.parts.map((part): Part => {
    if (!("state" in part) || part.state !== "approval-requested") return part;
    const approved = said.get(part.approval.id);
    if (approved === undefined) return part;
    return { ...part, state: "approval-responded", approval: { ...part.approval, approved } };
  });
  return { ...message, parts };
}
