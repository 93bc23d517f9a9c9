import { useState } from "react";
import { waitingApprovals } from "../approvals.ts";
import type { ChatMessage } from "../message.ts";
import { useMessageTools } from "../message-actions.ts";

/**
 * Collects the reader's decisions on the tool calls of an answer. They are sent when every call has
 * one, because the worker accepts them only together.
 */
export function useApprovals(message: ChatMessage) {
  const tools = useMessageTools();
  const [decisions, setDecisions] = useState<ReadonlyMap<string, boolean>>(new Map());
  if (!tools) return { decisions, decide: undefined };
  const decide = (approvalId: string, isApproved: boolean) => {
    const next = new Map(decisions).set(approvalId, isApproved);
    setDecisions(next);
    const answers = waitingApprovals(message).map((id) => [id, next.get(id)] as const);
    const approvals = answers.flatMap(([id, said]) =>
      said === undefined ? [] : [{ approvalId: id, isApproved: said }],
    );
    if (approvals.length === answers.length) tools.actions.approve(approvals);
  };
  return { decisions, decide };
}
