/** What each way to prepare a turn ends in, and what they share. */
import type { UIMessage } from "ai";
import type { NewMessageRow } from "db";
import type { ResolvedModel } from "../../../../ai/models.ts";
import type { StoredMessage } from "../../queries.ts";
import type { Message, Part } from "../../turn/rebuild-message.ts";
import { toUiMessage } from "../../turn/stored-parts.ts";
import type { StartResult } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";

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

export function refuse(result: StartResult): Preparation {
  return { kind: "refused", result };
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
    streamId: turn.turnId,
    createdAt: turn.startedAt,
  };
}

/** Messages of a branch as the model is told them. */
export function historyOf(newestFirst: readonly StoredMessage[]): UIMessage[] {
  return newestFirst.toReversed().map(toUiMessage).map(denyWaiting).filter(hasContent);
}

/** A tool call that was passed over: providers want an end to each call. */
function denyWaiting(message: Message): Message {
  const parts = message.parts.map((part) => {
    if (!("state" in part) || part.state !== "approval-requested") return part;
    const approval = { ...part.approval, approved: false };
    return { ...part, state: "output-denied", approval } as Part;
  });
  return { ...message, parts };
}

/**
 * Whether the model can be told a message: an answer that failed before its first word says nothing,
 * and providers refuse empty messages. Of the data parts, only a deleted file is put into words.
 */
export function hasContent(message: Message): boolean {
  return message.parts.some(({ type }) => {
    if (type.startsWith("data-")) return type === "data-deleted-file";
    return type !== "step-start";
  });
}
