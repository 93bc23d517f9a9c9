import type { Chat } from "@ai-sdk/react";
import { type ChatMessage, filesOf, messageText } from "../../messages/message.ts";
import type { UnsentMessage, UnsentMessages } from "./unsent-messages.ts";

/**
 * The messages of a session that the worker may not have: the one that is being sent, and those
 * that an earlier page has left. Each is kept until the worker or the composer has it.
 */
export class NotSent {
  readonly #chat: Chat<ChatMessage>;
  readonly #store: UnsentMessages | undefined;
  readonly #show: (messages: readonly UnsentMessage[]) => void;
  /** The message that is being sent. */
  #sentId: string | null = null;
  /** The message that the composer is about to take. */
  #handedBackId: string | null = null;

  /** @param show called with the messages of earlier pages, to be shown as not sent */
  constructor(
    chat: Chat<ChatMessage>,
    store: UnsentMessages | undefined,
    show: (messages: readonly UnsentMessage[]) => void,
  ) {
    this.#chat = chat;
    this.#store = store;
    this.#show = show;
  }

  /** Shows the kept messages. Those that are in the chat have arrived, and are dropped. */
  load(): void {
    if (!this.#store) return;
    const arrived = new Set(this.#chat.messages.map(({ id }) => id));
    const shown: UnsentMessage[] = [];
    for (const message of this.#store.list()) {
      if (message.id === this.#sentId || message.id === this.#handedBackId) continue;
      if (arrived.has(message.id)) this.#store.drop(message.id);
      else shown.push(message);
    }
    this.#show(shown);
  }

  find(messageId: string): UnsentMessage | undefined {
    return this.#store?.list().find(({ id }) => id === messageId);
  }

  /** Keeps a message that is being sent. */
  begin(message: ChatMessage, modelId: string | undefined): void {
    this.#sentId = message.id;
    this.#store?.keep({
      id: message.id,
      text: messageText(message),
      files: filesOf(message),
      modelId,
      sentAt: Date.now(),
    });
    this.load();
  }

  /** Drops the message that was being sent, because the worker has it. */
  end(): void {
    if (this.#sentId !== null) this.#store?.drop(this.#sentId);
    this.#sentId = null;
  }

  /** Notes that the composer is about to take a message. */
  handBack(messageId: string): void {
    this.#sentId = null;
    this.#handedBackId = messageId;
    this.load();
  }

  /** Drops the message that was handed back, because the composer has it. */
  endHandingBack(): void {
    if (this.#handedBackId !== null) this.#store?.drop(this.#handedBackId);
    this.#handedBackId = null;
  }
}
