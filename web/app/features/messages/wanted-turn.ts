/** A turn that the reader wants, and what is shown of it until it has begun: pure functions. */
import type { SendOutput, ToolApproval } from "api-worker/contracts";
import { withApprovals } from "./approvals.ts";
import { type ChatMessage, canContinue, type FilePart, filesOf, userMessage } from "./message.ts";
import type { TurnRequest } from "./stream/messages-port.ts";
import { sendRequest } from "./stream/start-turn.ts";

/** What the reader wants an answer for. */
export type WantedTurn =
  /** A message at the end of the chat: a text, with files or files alone. */
  | {
      readonly kind: "send";
      readonly text: string;
      readonly files?: readonly FilePart[] | undefined;
      readonly modelId?: string | undefined;
    }
  /** A message in other words. What it was, and what followed, stays as another version. */
  | {
      readonly kind: "edit";
      readonly messageId: string;
      readonly text: string;
      readonly modelId?: string | undefined;
    }
  /** More of the last answer, which ended early. It grows in its place. */
  | { readonly kind: "continue" }
  /** Another answer beside the one with this id; by the model of that one when none is named. */
  | {
      readonly kind: "regenerate";
      readonly messageId: string;
      readonly modelId?: string | undefined;
    }
  /** The rest of the last answer, with all the tool calls that it waits with allowed or denied. */
  | { readonly kind: "approve"; readonly approvals: readonly ToolApproval[] };

/** A message that becomes another version of one that is there. */
interface NewVersion {
  readonly messageId: string;
  readonly newId: (turn: SendOutput) => string;
}

/** A message of the user, which the AI SDK puts at the end of the chat and sends. */
interface MessagePlan {
  readonly message: ChatMessage;
  readonly modelId: string | undefined;
}

/** A request to the worker, and what is shown meanwhile. */
export interface RequestPlan {
  readonly request: TurnRequest;
  /** The messages until the turn has begun; the last one is the place of the answer. */
  readonly shown: ChatMessage[];
  readonly version?: NewVersion;
}

/** What a chat shows. */
interface ShownChat {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
}

type Wanted<Kind extends WantedTurn["kind"]> = Extract<WantedTurn, { readonly kind: Kind }>;

/**
 * Plans a turn.
 *
 * @param newId the id of the message, where the turn begins with one
 * @returns null when the chat has nothing that such a turn could begin from
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

/** The message in its new words, with the files that it has. What followed it is on another branch. */
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

/** A place for another answer in place of the one that is shown. */
function planRegeneration(
  { id: chatId, messages }: ShownChat,
  { messageId, modelId }: Wanted<"regenerate">,
): RequestPlan | null {
  const index = messages.findIndex(({ id }) => id === messageId);
  const question = messages[index - 1];
  if (messages[index]?.role !== "assistant" || question?.role !== "user") return null;
  const input = { chatId, messageId, ...(modelId !== undefined && { modelId }) };
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

/** The last message, when that is an answer. */
export function lastAnswer(messages: readonly ChatMessage[]): ChatMessage | undefined {
  const last = messages.at(-1);
  return last?.role === "assistant" ? last : undefined;
}

/** The place of an answer that has no name yet. */
const pendingId = "pending";

function pendingAnswer(parentId: string): ChatMessage {
  const metadata = { status: "streaming", streamId: null, parentId } as const;
  return { id: pendingId, role: "assistant", parts: [], metadata };
}

/** An answer that ended, as it goes on. */
function reopened(answer: ChatMessage): ChatMessage {
  const { metadata } = answer;
  return {
    ...answer,
    metadata: { ...metadata, status: "streaming", streamId: null, errorCode: null },
  };
}

/** The last message, named as the turn that answers with it. */
export function withTurn(messages: readonly ChatMessage[], turn: SendOutput): ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return [...messages];
  const metadata = { ...last.metadata, status: "streaming", streamId: turn.streamId } as const;
  return messages.with(-1, { ...last, id: turn.assistantMessageId, metadata });
}

/**
 * Takes back what was shown of a turn that did not begin.
 *
 * @param shown what is shown now: `wanted`, and what may have come in front of it in the meantime
 */
export function withoutTurn(
  shown: readonly ChatMessage[],
  wanted: readonly ChatMessage[],
  before: readonly ChatMessage[],
): ChatMessage[] {
  return [...shown.slice(0, Math.max(0, shown.length - wanted.length)), ...before];
}
