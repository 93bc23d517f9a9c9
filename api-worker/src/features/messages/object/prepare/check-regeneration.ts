/** Checks a turn that answers a question again, or one that has no answer. */
import type { ContentDb } from "db";
import { readBranch } from "../../read-branch.ts";
import type { RegenerateRequest, StartResult } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import {
  type Check,
  historyMaxMessages,
  historyOf,
  type ModelResolver,
  newAnswerRow,
  refuse,
  refuseModel,
} from "./preparation.ts";
import { findFollowingAnswer, insertAnswer } from "./queries.ts";

/**
 * Checks the request. What is saved is an empty row for another answer, beside the question's
 * existing ones.
 *
 * @param request names the question, or any of its answers
 * @throws what D1 throws
 */
export async function checkRegeneration(
  content: ContentDb,
  request: RegenerateRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Check> {
  const { messageId, modelId } = request;
  // One more, because the answer itself is not part of the history.
  const branch = await readBranch(content, request, messageId, historyMaxMessages + 1);
  const [message] = branch;
  if (!message) return refuse({ kind: "missing", what: "message" });
  const asked = message.role === "user" ? branch : branch.slice(1);
  const [question] = asked;
  if (question?.role !== "user") {
    return refuse({ kind: "invalid", message: "This answer has no question before it." });
  }
  if (request.onlyIfLast) {
    const answer = await findFollowingAnswer(content, request, question.id);
    if (answer) return refuse(answered(answer));
  }
  const model = modelId === undefined ? resolveFor(message.modelId) : resolveModel(modelId);
  if (!model) return refuseModel(resolveModel);
  return {
    kind: "prepared",
    model,
    history: historyOf(asked),
    question: null,
    parentId: question.id,
    createdAt: turn.startedAt,
    keptParts: [],
    save: async () => {
      await insertAnswer(content, newAnswerRow(turn, question.id, model.id), request.storage);
      return null;
    },
  };

  /** The model that answered before, if it is still available. */
  function resolveFor(previousId: string | null) {
    return resolveModel(previousId ?? undefined) ?? resolveModel(undefined);
  }
}

/** The turn of an answer that has followed the question; an imported one has none. */
function answered({ id, streamId }: { id: string; streamId: string | null }): StartResult {
  if (streamId) return { kind: "started", turn: { streamId, assistantMessageId: id } };
  return { kind: "invalid", message: "This message already has an answer." };
}
