/** From a request to a turn that can run: checks it against what is stored, and saves the question. */

import type { UIMessage } from "ai";
import type { ContentDb, NewMessageRow } from "db";
import type { ResolvedModel } from "../../ai/models.ts";
import { fallbackTitle } from "../../ai/title.ts";
import { insertTurn, readTurnFacts, type TurnFacts } from "./queries.ts";
import { toUiMessage } from "./stored-parts.ts";
import type { StartRequest, StartResult } from "./turn-protocol.ts";
import type { NewTurn } from "./turn-store.ts";

/** Messages of the branch that the model is given at most, the newest. */
export const historyMaxMessages = 400;

export type Preparation =
  | {
      readonly kind: "prepared";
      /** The branch, oldest first, the question last. */
      readonly history: UIMessage[];
      readonly question: string;
      readonly isNewChat: boolean;
      readonly parentId: string;
    }
  | { readonly kind: "refused"; readonly result: StartResult };

/**
 * Checks a request and saves the question with a place for its answer, in one D1 batch.
 *
 * @param turn the turn that will answer; its ids are stored
 * @returns what the model is asked, or the answer to the client when there is nothing to start
 * @throws what D1 throws; nothing was written then
 */
export async function prepareTurn(
  content: ContentDb,
  request: StartRequest,
  turn: NewTurn,
  model: ResolvedModel,
): Promise<Preparation> {
  const { message, parentId } = request;
  const facts = await readTurnFacts(content, request, message.id, parentId, historyMaxMessages);
  const refusal = refuseTurn(request, facts);
  if (refusal) return { kind: "refused", result: refusal };

  const question = questionText(message.parts);
  const now = turn.startedAt;
  const questionRow: NewMessageRow = {
    userId: request.userId,
    id: message.id,
    chatId: request.chatId,
    parentId: facts.branch[0]?.id ?? null,
    role: "user",
    parts: JSON.stringify(message.parts),
    status: "complete",
    createdAt: now,
    finishedAt: now,
  };
  const answerRow: NewMessageRow = {
    userId: request.userId,
    id: turn.assistantMessageId,
    chatId: request.chatId,
    parentId: message.id,
    role: "assistant",
    parts: "[]",
    status: "streaming",
    modelId: model.id,
    streamId: turn.streamId,
    createdAt: now,
  };
  await insertTurn(content, request, {
    title: fallbackTitle(question),
    question: questionRow,
    answer: answerRow,
    now,
  });
  return {
    kind: "prepared",
    history: [...facts.branch.toReversed(), questionRow].map(toUiMessage).filter(hasContent),
    question,
    isNewChat: facts.chat === null,
    parentId: message.id,
  };
}

/** What stands against the turn; null for nothing. A pure function over facts. */
export function refuseTurn(request: StartRequest, facts: TurnFacts): StartResult | null {
  if (facts.known) {
    const isSame = facts.known.chatId === request.chatId && facts.known.role === "user";
    if (isSame && facts.answer?.streamId) {
      const { id, streamId } = facts.answer;
      return { kind: "started", turn: { streamId, assistantMessageId: id } };
    }
    return { kind: "invalid", message: "This message id is in use already." };
  }
  const parent = facts.branch[0];
  if (request.parentId && !facts.chat) return { kind: "missing", what: "chat" };
  if (request.parentId && !parent) return { kind: "missing", what: "message" };
  if (parent && parent.role !== "assistant") {
    return { kind: "invalid", message: "A message follows an answer, not another message." };
  }
  return null;
}

/** An answer that failed before its first word says nothing, and providers refuse empty messages. */
function hasContent(message: UIMessage): boolean {
  return message.parts.some((part) => part.type !== "step-start");
}

function questionText(parts: StartRequest["message"]["parts"]): string {
  return parts.map((part) => (typeof part.text === "string" ? part.text : "")).join("\n");
}
