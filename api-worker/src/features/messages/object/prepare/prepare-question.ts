/** From a request to a turn that can run: checks it against what is stored, and saves the question. */

import type { UIMessage } from "ai";
import type { ContentDb, NewMessageRow } from "db";
import type { ResolvedModel } from "../../../../ai/models.ts";
import { fallbackTitle } from "../../../../ai/title.ts";
import { isPictureType } from "../../../../contracts/uploads.ts";
import type { StoredMessage } from "../../queries.ts";
import type { Part } from "../../turn/rebuild-message.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { StartRequest, StartResult } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import { insertTurn, readTurnFacts, type TurnFacts } from "./queries.ts";

/** Finds the model for an id, or the default one; undefined when there is none. */
export type ModelResolver = (modelId: string | undefined) => ResolvedModel | undefined;

/** Messages of the branch that the model is given at most, the newest. */
export const historyMaxMessages = 400;

export interface PreparedTurn {
  readonly kind: "prepared";
  readonly model: ResolvedModel;
  /** The branch, oldest first, the question last. */
  readonly history: UIMessage[];
  /** What names a new chat; null in one that has a name. */
  readonly question: string | null;
  readonly parentId: string | null;
  /** What the answer has already. */
  readonly keptParts: readonly Part[];
}

export type Preparation = PreparedTurn | { readonly kind: "refused"; readonly result: StartResult };

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
  resolveModel: ModelResolver,
): Promise<Preparation> {
  const { message, parentId, modelId } = request;
  const facts = await readTurnFacts(content, request, message.id, parentId, historyMaxMessages);
  const refusal = refuseTurn(request, facts);
  if (refusal) return refuse(refusal);
  const model = modelId === undefined ? usualModel(facts, resolveModel) : resolveModel(modelId);
  if (!model) return refuse({ kind: "invalid", message: "There is no such model." });
  if (!model.files.pictures && message.parts.some(isPicture)) {
    const text = `${model.files.modelName} cannot see pictures. Choose another model, or take the picture out.`;
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
  await insertTurn(content, request, {
    title: fallbackTitle(question),
    question: questionRow,
    answer: answerRow,
    chosenModelId: modelId,
    now,
  });
  return {
    kind: "prepared",
    model,
    history: [...historyOf(facts.branch), toUiMessage(questionRow)],
    question: facts.chat === null ? question : null,
    parentId: message.id,
    keptParts: [],
  };
}

/** The model that a chat goes on with when none is named: its last one, else the person's own. */
function usualModel(facts: TurnFacts, resolveModel: ModelResolver): ResolvedModel | undefined {
  for (const id of [facts.branch[0]?.modelId, facts.preferredModelId]) {
    const model = id ? resolveModel(id) : undefined;
    if (model) return model;
  }
  return resolveModel(undefined);
}

/** The place of an answer that is to be written. */
export function newAnswerRow(turn: NewTurn, parentId: string, modelId: string): NewMessageRow {
  return {
    userId: turn.userId,
    id: turn.assistantMessageId,
    chatId: turn.chatId,
    parentId,
    role: "assistant",
    parts: "[]",
    status: "streaming",
    modelId,
    streamId: turn.streamId,
    createdAt: turn.startedAt,
  };
}

/** Messages of a branch as the model is told them. */
export function historyOf(newestFirst: readonly StoredMessage[]): UIMessage[] {
  return newestFirst.toReversed().map(toUiMessage).map(denyWaiting).filter(hasContent);
}

/** A tool call that was passed over: providers want an end to each call. */
function denyWaiting(message: UIMessage): UIMessage {
  const parts = message.parts.map((part) => {
    if (!("state" in part) || part.state !== "approval-requested") return part;
    const approval = { ...part.approval, approved: false };
    return { ...part, state: "output-denied", approval } as Part;
  });
  return { ...message, parts };
}

/** What stands against the turn; null for nothing. A pure function over facts. */
export function refuseTurn(request: StartRequest, facts: TurnFacts): StartResult | null {
  if (facts.known) {
    const isSame = facts.known.chatId === request.chatId && facts.known.role === "user";
    if (isSame && facts.answer?.streamId) {
      const { id, streamId } = facts.answer;
      return { kind: "started", turn: { streamId, assistantMessageId: id }, isRepeat: true };
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

export function refuse(result: StartResult): Preparation {
  return { kind: "refused", result };
}

/**
 * Whether the model can be told a message: an answer that failed before its first word says nothing,
 * and providers refuse empty messages. Of the data parts, only a deleted file is put into words.
 */
export function hasContent(message: UIMessage): boolean {
  return message.parts.some(({ type }) => {
    if (type.startsWith("data-")) return type === "data-deleted-file";
    return type !== "step-start";
  });
}

type QuestionPart = StartRequest["message"]["parts"][number];

/** What a question says; of one that is only files, their names. */
function questionText(parts: readonly QuestionPart[]): string {
  const texts = parts.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  const names = parts.flatMap(({ filename }) => (typeof filename === "string" ? [filename] : []));
  return (texts.join("").trim() === "" ? names : texts).join("\n");
}

function isPicture({ type, mediaType }: QuestionPart): boolean {
  return type === "file" && typeof mediaType === "string" && isPictureType(mediaType);
}
