import { randomUUID } from "node:crypto";

/** A word that is in every sentence, and is the title of each chat. */
export const word = "机器学习";
export const sentence = "我想了解机器学习的基础知识，请用简单的话解释一下这些概念。";
const sentenceBytes = Buffer.byteLength(sentence);

/** A text in Chinese, of about so many bytes: each word costs the index the most. */
export function chinese(bytes: number): string {
  return sentence.repeat(Math.max(1, Math.floor(bytes / sentenceBytes)));
}

/** The input of an import, as JSON, with one chat. */
export function chatFile({
  messageCount,
  textOf,
}: {
  readonly messageCount: number;
  readonly textOf: (index: number) => string;
}): string {
  const ids = Array.from({ length: messageCount }, () => randomUUID());
  const messages = ids.map((id, index) => ({
    id,
    parentId: ids[index - 1] ?? null,
    role: index % 2 === 0 ? "user" : "assistant",
    parts: [{ type: "text", text: textOf(index) }],
    status: "complete",
    modelId: null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    vote: null,
    createdAt: 1 + index,
    finishedAt: null,
  }));
  const chat = {
    id: randomUUID(),
    title: word,
    titleSource: "owner",
    pinnedAt: null,
    createdAt: 1,
    updatedAt: 1,
    currentMessageId: ids.at(-1),
    messages,
  };
  return JSON.stringify({ data: { format: "alleato-chat", version: 1, chats: [chat] } });
}
