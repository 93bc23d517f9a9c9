import type { ToolApproval } from "api-worker/contracts";
import type { ChatMessage } from "./message.ts";

type Part = ChatMessage["parts"][number];

/** Ids of an answer's approval requests that are still open. */
export function waitingApprovals(message: ChatMessage): string[] {
  return message.parts.flatMap((part) => {
    const id = waitingApproval(part);
    return id === null ? [] : [id];
  });
}

/**
 * Reads the approval request of a part.
 *
 * @returns its id; null when the part is not waiting for approval
 */
export function waitingApproval(part: Part): string | null {
  if (!("state" in part) || part.state !== "approval-requested") return null;
  return part.approval.id;
}

/** Marks the approval requests of an answer as allowed or denied. */
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
