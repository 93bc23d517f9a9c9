/** Checks a turn that answers a new message against what is stored. */
import type { ContentDb, NewMessageRow } from "db";
import type { ResolvedModel } from "../../../../ai/models.ts";
import { fallbackTitle } from "../../../../ai/title.ts";
import { isPictureType } from "../../../../contracts/uploads.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { SendRequest, StartResult } from "../../turn/turn-protocol.ts";
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
import { insertTurn, readTurnFacts, type TurnFacts } from "./queries.ts";

/**
 * Checks the request. What is saved is the question with an empty row for its answer, in one D1
 * batch.
 *
 * @param turn the turn that will answer; its ids are stored
 * @returns the messages for the model, or the result for the client when no turn starts
 * @throws what D1 throws
 */
export async function checkQuestion(
  content: ContentDb,
  request: SendRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Check> {
  const { message, parentId, modelId } = request;
  const facts = await readTurnFacts(content, request, message.id, parentId, historyMaxMessages);
  const refusal = refuseTurn(request, facts);
  if (refusal) return refuse(refusal);
  const model = modelId === undefined ? usualModel(facts, resolveModel) : resolveModel(modelId);
  if (!model) return refuseModel(resolveModel);
  if (!model.files.pictures && message.parts.some(isPicture)) {
    const text = `${model.files.modelName} can’t see images. Choose another model or remove the image.`;
    return refuse({ kind: "invalid", message: text });
  }

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
  const answerRow = newAnswerRow(turn, message.id, model.id);
  const save = async () => {
    const title = fallbackTitle(question);
    const rows = { title, question: questionRow, answer: answerRow, chosenModelId: modelId, now };
    await insertTurn(content, request, rows, request.storage);
    return null;
  };
  return {
    kind: "prepared",
    model,
    history: [...historyOf(facts.branch), toUiMessage(questionRow)],
    question: facts.chat === null ? question : null,
    parentId: message.id,
    createdAt: turn.startedAt,
    keptParts: [],
    save,
  };
}

/** The model for a request that names none: the chat's last one, or else the user's last choice. */
function usualModel(facts: TurnFacts, resolveModel: ModelResolver): ResolvedModel | undefined {
  for (const id of [facts.branch[0]?.modelId, facts.preferredModelId]) {
    const model = id ? resolveModel(id) : undefined;
    if (model) return model;
  }
  return resolveModel(undefined);
}

/** The reason why the turn cannot start; null when it can. A pure function over facts. */
export function refuseTurn(request: SendRequest, facts: TurnFacts): StartResult | null {
  if (facts.known) {
    const isSame = facts.known.chatId === request.chatId && facts.known.role === "user";
    if (isSame && facts.answer?.streamId) {
      const { id, streamId } = facts.answer;
      return { kind: "started", turn: { streamId, assistantMessageId: id } };
    }
    return { kind: "invalid", message: "This message ID is already in use." };
  }
  const parent = facts.branch[0];
  if (request.parentId && !facts.chat) return { kind: "missing", what: "chat" };
  if (request.parentId && !parent) return { kind: "missing", what: "message" };
  // A chat may end in a question: an imported one, or one whose answer was lost.
  if (parent?.role === "user" && facts.isParentAnswered) {
    return { kind: "invalid", message: "A message must follow an answer, not another message." };
  }
  return null;
}

type QuestionPart = SendRequest["message"]["parts"][number];

/** The text of a question, or the names of its files when it has no text. */
function questionText(parts: readonly QuestionPart[]): string {
  const texts = parts.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  const names = parts.flatMap(({ filename }) => (typeof filename === "string" ? [filename] : []));
  return (texts.join("").trim() === "" ? names : texts).join("\n");
}

function isPicture({ type, mediaType }: QuestionPart): boolean {
  return type === "file" && typeof mediaType === "string" && isPictureType(mediaType);
}
