/** Checks a turn that continues an answer with the reader's approvals of its tool calls. */
import type { ContentDb } from "db";
import type { ToolApproval } from "../../../../contracts/message-parts.ts";
import { messageStatuses } from "../../../../contracts/messages.ts";
import type { Part } from "../../turn/rebuild-message.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { ApproveRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import {
  type Check,
  historyMaxMessages,
  historyOf,
  type ModelResolver,
  refuse,
  refuseModel,
  tokensOf,
} from "./preparation.ts";
import { readContinuationFacts, reopenMessage } from "./queries.ts";

const ended = messageStatuses.filter((status) => status !== "streaming");

/**
 * Checks the approvals. Saving reopens the answer in D1, and the turn that follows makes the allowed
 * calls.
 *
 * @throws what D1 throws
 */
export async function checkApproval(
  content: ContentDb,
  request: ApproveRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Check> {
  const { messageId, approvals } = request;
  const facts = await readContinuationFacts(content, request, messageId, historyMaxMessages);
  const [answer, ...before] = facts.branch;
  if (!answer) return refuse({ kind: "missing", what: "message" });
  if (answer.status === "streaming" || facts.hasChild) return refuse(tooLate);
  const message = toUiMessage(answer);
  const keptParts = applyApprovals(message.parts, approvals);
  if (!keptParts) return refuse(tooLate);
  const model = resolveModel(answer.modelId ?? undefined) ?? resolveModel(undefined);
  if (!model) return refuseModel(resolveModel);
  return {
    kind: "prepared",
    model,
    history: [...historyOf(before), { ...message, parts: keptParts }],
    question: null,
    parentId: answer.parentId,
    createdAt: answer.createdAt,
    keptParts,
    tokensBefore: tokensOf(answer),
    save: async () => {
      const { storage } = request;
      const isOpen = await reopenMessage(content, request, turn, model.id, ended, storage);
      return isOpen ? null : tooLate;
    },
  };
}

const tooLate = {
  kind: "invalid",
  message: "This answer is no longer waiting for your approval.",
} as const;

/**
 * Writes the reader's approvals into an answer's parts.
 *
 * @returns null unless they cover each waiting call, and no other
 */
export function applyApprovals(
  parts: readonly Part[],
  approvals: readonly ToolApproval[],
): Part[] | null {
  const said = new Map(approvals.map(({ approvalId, isApproved }) => [approvalId, isApproved]));
  let waiting = 0;
  let answered = 0;
  const applied = parts.map((part): Part => {
    if (!isWaiting(part)) return part;
    waiting += 1;
    const approved = said.get(part.approval.id);
    if (approved === undefined) return part;
    answered += 1;
    const approval = { ...part.approval, approved };
    return { ...part, state: "approval-responded", approval } as Part;
  });
  return waiting > 0 && answered === waiting && answered === said.size ? applied : null;
}

type WaitingPart = Extract<Part, { state: "approval-requested" }>;

/** Whether a part is a tool call that waits for the reader's approval. */
export function isWaiting(part: Part): part is WaitingPart {
  return "state" in part && part.state === "approval-requested";
}
