/** Checks a turn that continues an answer. */
import type { UIMessage } from "ai";
import type { ContentDb } from "db";
import type { ResolvedModel } from "../../../../ai/models.ts";
import { continueInstructions } from "../../../../ai/prompts.ts";
import { finalFailures } from "../../../../contracts/failures.ts";
import type { StoredMessage } from "../../queries.ts";
import type { FinalStatus } from "../../turn/chunks.ts";
import type { Message } from "../../turn/rebuild-message.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { ContinueRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import {
  type Check,
  hasContent,
  historyMaxMessages,
  historyOf,
  type ModelResolver,
  type PreparedTurn,
  refuse,
  refuseModel,
  tokensOf,
} from "./preparation.ts";
import { readContinuationFacts, reopenMessage } from "./queries.ts";

/** An answer with one of these statuses may be continued. */
const endsToContinue = ["stopped", "interrupted", "failed"] as const satisfies FinalStatus[];

/**
 * Checks the request. Saving reopens the answer in D1.
 *
 * @returns the messages for the model: the branch, the kept part of the answer, and the instruction
 *   to continue; or the question alone when nothing is kept
 * @throws what D1 throws
 */
export async function checkContinuation(
  content: ContentDb,
  request: ContinueRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Check> {
  const { messageId } = request;
  const facts = await readContinuationFacts(content, request, messageId, historyMaxMessages);
  const [answer, ...before] = facts.branch;
  if (!answer) return refuse({ kind: "missing", what: "message" });
  const complaint = refuseContinuation(answer, facts.hasChild);
  if (complaint) return refuse({ kind: "invalid", message: complaint });
  // The model that began the answer, if it is still available.
  const model = resolveModel(answer.modelId ?? undefined) ?? resolveModel(undefined);
  if (!model) return refuseModel(resolveModel);

  // Of an answer without content nothing is kept, not even its marks.
  const stored = toUiMessage(answer);
  const kept = hasContent(stored) ? stored : { ...stored, parts: [] };
  return {
    ...continuedTurn(answer, before, kept, model, turn),
    save: async () => {
      const { storage } = request;
      const isOpen = await reopenMessage(content, request, turn, model.id, endsToContinue, storage);
      return isOpen ? null : hasChanged;
    },
  };
}

/**
 * A turn that continues an answer. Its model gets the branch, the kept part of the answer, and the
 * instruction to continue; or the branch alone when the kept part has no content.
 *
 * @param before the branch before the answer, newest first
 */
export function continuedTurn(
  answer: Pick<StoredMessage, "parentId" | "createdAt" | "inputTokens" | "outputTokens">,
  before: readonly StoredMessage[],
  kept: Message,
  model: ResolvedModel,
  turn: Pick<NewTurn, "turnId">,
): PreparedTurn {
  const history = historyOf(before);
  const goOn: UIMessage = {
    id: turn.turnId,
    role: "user",
    parts: [{ type: "text", text: continueInstructions }],
  };
  return {
    kind: "prepared",
    model,
    history: hasContent(kept) ? [...history, kept, goOn] : history,
    question: null,
    parentId: answer.parentId,
    createdAt: answer.createdAt,
    keptParts: kept.parts,
    tokensBefore: tokensOf(answer),
  };
}

const hasChanged = {
  kind: "invalid",
  message: "This answer has changed in the meantime.",
} as const;

/** The reason why an answer cannot be continued, worded for the user; null when it can. */
export function refuseContinuation(
  answer: Pick<StoredMessage, "role" | "status" | "errorCode">,
  hasChild: boolean,
): string | null {
  if (answer.role !== "assistant") return "Only answers can be continued.";
  if (answer.status === "complete") return "This answer is already complete.";
  if (answer.status === "failed" && finalFailures.has(answer.errorCode)) {
    return "Continuing this answer would fail again. Try again or send a new message.";
  }
  if (hasChild) return "The chat has continued after this answer. Send a message instead.";
  return null;
}
