/** The result of preparing a turn, and what the kinds of preparation share. */
import type { UIMessage } from "ai";
import type { NewMessageRow } from "db";
import type { ResolvedModel } from "../../../../ai/models.ts";
import { isAbsentFile } from "../../../../contracts/message-parts.ts";
import type { StoredMessage } from "../../queries.ts";
import type { Message, Part } from "../../turn/rebuild-message.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { StartResult } from "../../turn/turn-protocol.ts";
import type { NewTurn, TurnPricing } from "../turn-store.ts";

/** Finds the model with an id, or the default model; undefined when there is none. */
export type ModelResolver = (modelId: string | undefined) => ResolvedModel | undefined;

/** The model gets at most this many messages of the branch, the newest ones. */
export const historyMaxMessages = 400;

export interface PreparedTurn {
  readonly kind: "prepared";
  readonly model: ResolvedModel;
  /** The branch, oldest first, the question last. */
  readonly history: UIMessage[];
  /** The question that a new chat is named after; null when the chat has a name. */
  readonly question: string | null;
  readonly parentId: string | null;
  /** When the answer began, in epoch ms. A continued answer keeps its time. */
  readonly createdAt: number;
  /** The parts that the answer has already. */
  readonly keptParts: readonly Part[];
  /** Tokens of earlier turns of the answer, by D1; left out for a new answer. */
  readonly tokensBefore?: number;
}

/** A request whose turn may start, and nothing of which is written yet. */
export interface CheckedTurn extends PreparedTurn {
  /**
   * Writes the turn's rows to D1.
   *
   * @returns null when they are written; the refusal when the answer has changed since the check
   * @throws what D1 throws; it is then unknown whether they are written, except that they are not
   *   when the owner's storage is full (`isStorageRefusal`)
   */
  readonly save: () => Promise<StartResult | null>;
}

interface RefusedTurn {
  readonly kind: "refused";
  readonly result: StartResult;
}

/** A turn that was counted, and whose rows are written. */
export interface PricedTurn extends PreparedTurn {
  /** null when no price is known. */
  readonly pricing: TurnPricing | null;
}

export type Check = CheckedTurn | RefusedTurn;
export type Preparation = PricedTurn | RefusedTurn;

export function refuse(result: StartResult): RefusedTurn {
  return { kind: "refused", result };
}

/** Refuses a model that the owner may not use, or that is gone, and names one that answers. */
export function refuseModel(resolveModel: ModelResolver): RefusedTurn {
  const other = resolveModel(undefined)?.files.modelName;
  const way = other === undefined ? "" : ` Choose another one, for example ${other}.`;
  const message = `This model isn’t available.${way}`;
  return refuse({ kind: "invalid", field: "modelId", message });
}

/** The empty row of a new answer. */
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
    streamId: turn.turnId,
    createdAt: turn.startedAt,
  };
}

/** The tokens that D1 has of an answer. */
export function tokensOf(answer: Pick<StoredMessage, "inputTokens" | "outputTokens">): number {
  return (answer.inputTokens ?? 0) + (answer.outputTokens ?? 0);
}

/** Converts the messages of a branch to the model's history. */
export function historyOf(newestFirst: readonly StoredMessage[]): UIMessage[] {
  return newestFirst.toReversed().map(toUiMessage).map(denyWaiting).filter(hasContent);
}

/** Denies tool calls that the reader ignored, because providers require a result for each call. */
function denyWaiting(message: Message): Message {
  const parts = message.parts.map((part) => {
    if (!("state" in part) || part.state !== "approval-requested") return part;
    const approval = { ...part.approval, approved: false };
    return { ...part, state: "output-denied", approval } as Part;
  });
  return { ...message, parts };
}

/**
 * Whether a message has content for the model. An answer that failed before its first word has
 * none, and providers refuse empty messages. Of the data parts, only files that are not there are
 * described to the model.
 */
export function hasContent(message: Message): boolean {
  return message.parts.some(({ type }) => {
    if (type.startsWith("data-")) return isAbsentFile(type);
    return type !== "step-start";
  });
}
