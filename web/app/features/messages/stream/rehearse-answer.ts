import { Chat } from "@ai-sdk/react";
import type { UIMessageChunk } from "ai";
import { formatEventId } from "api-worker/contracts/event-id";
import { v7 as uuidv7 } from "uuid";
import { rehearseMarkdown } from "../markdown/lazy-markdown.tsx";
import type { ChatMessage } from "../message.ts";
import { TrpcChatTransport } from "./chat-transport.ts";
import type { MessagesPort } from "./messages-port.ts";

const firstText = "An **answer**";
const lastText = ", with `code`.";
const events: readonly (readonly UIMessageChunk[])[] = [
  [
    { type: "start" },
    { type: "text-start", id: "text" },
    { type: "text-delta", id: "text", delta: firstText },
  ],
  [
    { type: "text-delta", id: "text", delta: lastText },
    { type: "text-end", id: "text" },
    { type: "finish" },
  ],
];

/** A port that answers each question with {@link events}. */
function rehearsalPort(streamId: string): Pick<MessagesPort, "start" | "subscribe"> {
  return {
    start: async () => ({ chatId: "", streamId, assistantMessageId: "" }),
    subscribe(_position, { onOpen, onEvent }) {
      let seq = -1;
      queueMicrotask(() => {
        onOpen();
        for (const chunks of events) {
          seq += chunks.length;
          onEvent(formatEventId({ streamId, seq }), chunks);
        }
      });
      return () => undefined;
    },
  };
}

/**
 * Runs an invented answer through the code that reads and parses one, without a network and without
 * showing anything. A browser compiles code when it first runs, which would be between the press of
 * Send and the first word.
 *
 * @returns the answer's parts, as they were read
 */
export async function rehearseAnswer(): Promise<ChatMessage["parts"]> {
  const chat = new Chat<ChatMessage>({
    generateId: uuidv7,
    transport: new TrpcChatTransport({ port: rehearsalPort(uuidv7()) }),
  });
  await chat.sendMessage({ text: "A question" });
  if (chat.error) throw chat.error;
  await rehearseMarkdown([firstText, firstText + lastText]);
  return chat.lastMessage?.parts ?? [];
}

let isRehearsed = false;

/** Rehearses an answer once in this page, when the page has nothing else to do. Browser only. */
export function rehearseSoon(): void {
  if (isRehearsed) return;
  isRehearsed = true;
  // Safari has no idle callbacks. A rehearsal that fails costs nothing but its time.
  const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 100));
  whenIdle(() => void rehearseAnswer().catch(() => undefined));
}
