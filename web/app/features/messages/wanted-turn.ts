/** Plans turns: the request, and the messages shown until the turn has begun. Pure functions. */
import type { SendOutput, ToolApproval } from "api-worker/contracts";
import { withApprovals } from "./approvals.ts";
import { type ChatMessage, canContinue, type FilePart, filesOf, userMessage } from "./message.ts";
import type { TurnRequest } from "./stream/messages-port.ts";
import { sendRequest } from "./stream/start-turn.ts";

/** A turn that the viewer asks for. */
export type WantedTurn =
  /** A new message at the end of the chat: text, files, or both. */
  | {
      readonly kind: "send";
      /** The id of a message that is sent again; a new one if undefined. */
      readonly messageId?: string | undefined;
      readonly text: string;
      readonly files?: readonly FilePart[] | undefined;
      readonly modelId?: string | undefined;
    }
  /**
   * A new version of a message. The old version and the messages after it remain on another branch.
   */
  | {
      readonly kind: "edit";
      readonly messageId: string;
      readonly text: string;
      readonly modelId?: string | undefined;
    }
  /** The rest of the last answer, which ended early. It grows in place. */
  | { readonly kind: "continue" }
  /**
   * Another version of the answer with this id, by its own model if none is given. With the id of
   * the last question, its missing answer.
   */
  | {
      readonly kind: "regenerate";
      readonly messageId: string;
      readonly modelId?: string | undefined;
    }
  /** The rest of the last answer, after its waiting tool calls were allowed or denied. */
  | { readonly kind: "approve"; readonly approvals: readonly ToolApproval[] };

/** A new version of an existing message. */
interface NewVersion {
  readonly messageId: string;
  readonly newId: (turn: SendOutput) => string;
}

/** A user message, which the AI SDK appends to the chat and sends. */
interface MessagePlan {
  readonly message: ChatMessage;
  readonly modelId: string | undefined;
}

/** A request to the worker, and what is shown until it has begun. */
export interface RequestPlan {
  readonly request: TurnRequest;
  /** The messages shown until the turn has begun. The last one is a placeholder for the answer. */
  readonly shown: ChatMessage[];
  readonly version?: NewVersion;
}

/** A chat's shown messages. */
interface ShownChat {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
}

type Wanted<Kind extends WantedTurn["kind"]> = Extract<WantedTurn, { readonly kind: Kind }>;

/**
 * Plans a turn.
 *
 * @param newId the id of the new message, if the turn has one
 * @returns null when the chat's messages do not allow such a turn
 */
export function planTurn(
  chat: ShownChat,
  wanted: WantedTurn,
  newId: string,
): MessagePlan | RequestPlan | null {
  switch (wanted.kind) {
    case "send": {
      const parentId = chat.messages.at(-1)?.id;
      const message = userMessage(newId, wanted.text, parentId, wanted.files);
      return { message, modelId: wanted.modelId };
    }
    case "edit":
      return planEdit(chat, wanted, newId);
    case "regenerate":
      return planRegeneration(chat, wanted);
    case "continue":
      return planContinuation(chat);
    case "approve":
      return planApproval(chat, wanted);
  }
}

/**
 * Plans a new version of a message, with the same files. The messages after it remain on the other
 * branch.
 */
function planEdit(
  { id: chatId, messages }: ShownChat,
  { messageId, text, modelId }: Wanted<"edit">,
  newId: string,
): RequestPlan | null {
  const index = messages.findIndex(({ id }) => id === messageId);
  const before = messages[index];
  if (before?.role !== "user") return null;
  const parentId = before.metadata?.parentId ?? null;
  const message = userMessage(newId, text, parentId ?? undefined, filesOf(before));
  return {
    request: sendRequest(chatId, message, parentId, modelId),
    shown: [...messages.slice(0, index), message, pendingAnswer(newId)],
    version: { messageId, newId: () => newId },
  };
}

/** Plans another version of an answer, with a placeholder in its position. */
function planRegeneration(
  { id: chatId, messages }: ShownChat,
  { messageId, modelId }: Wanted<"regenerate">,
): RequestPlan | null {
  const index = messages.findIndex(({ id }) => id === messageId);
  const input = { chatId, messageId, ...(modelId !== undefined && { modelId }) };
  if (messages[index]?.role === "user" && index === messages.length - 1) {
    return {
      request: { kind: "regenerate", input: { ...input, onlyIfLast: true } },
      shown: [...messages, pendingAnswer(messageId)],
    };
  }
  const question = messages[index - 1];
  if (messages[index]?.role !== "assistant" || question?.role !== "user") return null;
  return {
    request: { kind: "regenerate", input },
    shown: [...messages.slice(0, index), pendingAnswer(question.id)],
    version: { messageId, newId: (turn) => turn.assistantMessageId },
  };
}

function planContinuation({ id: chatId, messages }: ShownChat): RequestPlan | null {
  const answer = lastAnswer(messages);
  if (!answer || !canContinue(answer)) return null;
  const input = { chatId, messageId: answer.id };
  return {
    request: { kind: "continue", input },
    shown: messages.with(-1, reopened(answer)),
  };
}

function planApproval(
  { id: chatId, messages }: ShownChat,
  { approvals }: Wanted<"approve">,
): RequestPlan | null {
  const answer = lastAnswer(messages);
  if (!answer) return null;
  const input = { chatId, messageId: answer.id, approvals: [...approvals] };
  return {
    request: { kind: "approve", input },
    shown: messages.with(-1, reopened(withApprovals(answer, approvals))),
  };
}

/** The last message if it is an answer. */
export function lastAnswer(messages: readonly ChatMessage[]): ChatMessage | undefined {
  const last = messages.at(-1);
  return last?.role === "assistant" ? last : undefined;
}

/** The id of an answer that has no id yet. */
const pendingId = "pending";

function pendingAnswer(parentId: string): ChatMessage {
  const metadata = { status: "streaming", streamId: null, parentId } as const;
  return { id: pendingId, role: "assistant", parts: [], metadata };
}

/** An ended answer, marked as streaming again. */
function reopened(answer: ChatMessage): ChatMessage {
  const { metadata } = answer;
  return {
    ...answer,
    metadata: {
      ...metadata,
      status: "streaming",
      streamId: null,
      errorCode: null,
      finishedAt: null,
    },
  };
}

/** Gives the last message the ids of the turn that answers with it. */
export function withTurn(messages: readonly ChatMessage[], turn: SendOutput): ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return [...messages];
  const metadata = { ...last.metadata, status: "streaming", streamId: turn.streamId } as const;
  return messages.with(-1, { ...last, id: turn.assistantMessageId, metadata });
}

/**
 * Restores the messages from before a turn that did not begin.
 *
 * @param shown the messages shown now: `wanted`, perhaps with older messages loaded before them
 */
export function withoutTurn(
  shown: readonly ChatMessage[],
  wanted: readonly ChatMessage[],
  before: readonly ChatMessage[],
): ChatMessage[] {
  return [...shown.slice(0, Math.max(0, shown.length - wanted.length)), ...before];
}
