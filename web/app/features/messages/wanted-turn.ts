/** What is shown of a turn that is wanted but has not begun: pure functions over the messages. */
import type { SendOutput } from "api-worker/contracts";
import { type ChatMessage, filesOf, userMessage } from "./message.ts";

/** The place of an answer that has no name yet. */
const pendingId = "pending";

function pendingAnswer(parentId: string): ChatMessage {
  const metadata = { status: "streaming", streamId: null, parentId } as const;
  return { id: pendingId, role: "assistant", parts: [], metadata };
}

/**
 * A message in other words, with the files that it has, and a place for its answer. What followed it
 * is on another branch.
 *
 * @returns null when there is no such message
 */
export function withEdit(
  messages: readonly ChatMessage[],
  messageId: string,
  edit: { readonly id: string; readonly text: string },
): ChatMessage[] | null {
  const index = messages.findIndex(({ id }) => id === messageId);
  const before = messages[index];
  if (before?.role !== "user") return null;
  const parentId = before.metadata?.parentId ?? undefined;
  const edited = userMessage(edit.id, edit.text, parentId, filesOf(before));
  return [...messages.slice(0, index), edited, pendingAnswer(edit.id)];
}

/**
 * A place for another answer in place of the one with this id.
 *
 * @returns null when there is no such answer
 */
export function withNewAnswer(
  messages: readonly ChatMessage[],
  answerId: string,
): ChatMessage[] | null {
  const index = messages.findIndex(({ id }) => id === answerId);
  const question = messages[index - 1];
  if (messages[index]?.role !== "assistant" || question?.role !== "user") return null;
  return [...messages.slice(0, index), pendingAnswer(question.id)];
}

/** The last answer, as it goes on. */
export function withReopened(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.map((message, index) =>
    index < messages.length - 1
      ? message
      : {
          ...message,
          metadata: {
            ...message.metadata,
            status: "streaming",
            streamId: null,
            errorCode: null,
          },
        },
  );
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
