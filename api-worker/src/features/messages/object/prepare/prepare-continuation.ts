/** From a wish to go on with an answer to a turn that can run. */
import type { UIMessage } from "ai";
import type { ContentDb } from "db";
import { continueInstructions } from "../../../../ai/prompts.ts";
import { finalFailures } from "../../../../contracts/failures.ts";
import type { StoredMessage } from "../../queries.ts";
import type { FinalStatus } from "../../turn/chunks.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { ContinueRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import {
  hasContent,
  historyMaxMessages,
  historyOf,
  type ModelResolver,
  type Preparation,
  refuse,
} from "./preparation.ts";
import { readContinuationFacts, reopenMessage } from "./queries.ts";

/** The ends after which an answer may go on. */
const endsToContinue = ["stopped", "interrupted", "failed"] as const satisfies FinalStatus[];

/**
 * Checks a wish to go on with an answer, and opens the answer again in D1.
 *
 * @returns what the model is asked: the branch with what is kept of the answer, and to go on; or
 *   the question again, when nothing is kept
 * @throws what D1 throws; whether it was opened is not known then
 */
export async function prepareContinuation(
  content: ContentDb,
  request: ContinueRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Preparation> {
  const { messageId } = request;
  const facts = await readContinuationFacts(content, request, messageId, historyMaxMessages);
  const [answer, ...before] = facts.branch;
  if (!answer) return refuse({ kind: "missing", what: "message" });
  const complaint = refuseContinuation(answer, facts.hasChild);
  if (complaint) return refuse({ kind: "invalid", message: complaint });
  // The model that began it, as long as it can still be had.
  const model = resolveModel(answer.modelId ?? undefined) ?? resolveModel(undefined);
  if (!model) return refuse({ kind: "invalid", message: "This model isn’t available." });

  const isOpen = await reopenMessage(content, request, turn, model.id, endsToContinue);
  if (!isOpen)
    return refuse({ kind: "invalid", message: "This answer has changed in the meantime." });
  const history = historyOf(before);
  const kept = toUiMessage(answer);
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
    keptParts: hasContent(kept) ? kept.parts : [],
  };
}

/** What stands against going on with an answer, for the user; null for nothing. */
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
