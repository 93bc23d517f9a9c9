import type { Chat } from "@ai-sdk/react";
import { limits } from "api-worker/contracts/limits";
import { readError } from "../../../lib/error-text.ts";
import { type ChatMessage, mergeNewestPage, toChatMessage } from "../../messages/message.ts";
import type { MessagesPort } from "../../messages/stream/messages-port.ts";
import { mergeVersions } from "../../messages/versions.ts";
import type { ChatState } from "./chat-state.ts";

/** What the history needs of the session that it belongs to. */
export interface HistoryHost {
  getState(): ChatState;
  set(change: Partial<ChatState>): void;
  report(error: unknown): void;
}

/** What came of a look at the newest messages. "failed" also when they were not wanted any more. */
export type Look = "loaded" | "failed" | "gone" | "logged-out";

/** Which part of a chat's shown branch this page has: the newest messages, and what was loaded before them. */
export class ChatHistory {
  readonly #chat: Chat<ChatMessage>;
  readonly #port: Pick<MessagesPort, "list">;
  readonly #host: HistoryHost;
  #olderCursor: string | null;
  /** Counts the looks at the newest messages: an older answer must not undo a newer one. */
  #lookCount = 0;

  /** @param olderCursor where the messages before those in `chat` are; null when there are none */
  constructor(
    chat: Chat<ChatMessage>,
    port: Pick<MessagesPort, "list">,
    olderCursor: string | null,
    host: HistoryHost,
  ) {
    this.#chat = chat;
    this.#port = port;
    this.#olderCursor = olderCursor;
    this.#host = host;
  }

  /**
   * Puts the page before the first shown message in front of it.
   *
   * @param limit messages in it at most
   * @returns false when there was none, or it could not be had
   */
  async loadOlder(limit?: number): Promise<boolean> {
    const cursor = this.#olderCursor;
    if (cursor === null || this.#host.getState().isLoadingOlder) return false;
    this.#host.set({ isLoadingOlder: true });
    try {
      const page = await this.#port.list({
        chatId: this.#chat.id,
        cursor,
        ...(limit !== undefined && { limit }),
      });
      // A refresh in between may have started the list anew.
      if (this.#olderCursor !== cursor) return true;
      this.#chat.messages = [...page.items.map(toChatMessage), ...this.#chat.messages];
      this.#setOlderCursor(page.nextCursor);
      this.#host.set({ versions: mergeVersions(this.#host.getState().versions, page.items) });
      return true;
    } catch (error) {
      this.#host.report(error);
      return false;
    } finally {
      this.#host.set({ isLoadingOlder: false });
    }
  }

  /**
   * Lets go of old messages, so that a page that has been far up does not keep them all. They are
   * loaded again as the reader scrolls up.
   *
   * @param keptCount the newest messages, which stay
   */
  forgetOlder(keptCount: number): void {
    const kept = this.#chat.messages.slice(-keptCount);
    const parentId = kept[0]?.metadata?.parentId;
    if (this.#host.getState().isLoadingOlder || !parentId) return;
    if (kept.length === this.#chat.messages.length) return;
    this.#chat.messages = kept;
    this.#setOlderCursor(parentId);
  }

  /** Loads older messages until this one is among them. */
  async loadUntil(messageId: string): Promise<boolean> {
    while (!this.has(messageId)) {
      if (!(await this.loadOlder(limits.messagesPageMax))) return false;
    }
    return true;
  }

  /** Whether a message is loaded. */
  has(messageId: string): boolean {
    return this.#chat.messages.some(({ id }) => id === messageId);
  }

  /**
   * Takes over the newest messages from the worker. That it cannot be reached is not told here: it
   * is asked again.
   *
   * @param isWanted asked when they are there
   */
  async loadNewest(isWanted = () => true): Promise<Look> {
    this.#lookCount += 1;
    const look = this.#lookCount;
    try {
      const page = await this.#port.list({ chatId: this.#chat.id });
      if (look !== this.#lookCount || !isWanted()) return "failed";
      const newest = page.items.map(toChatMessage);
      const { messages, keptOlder } = mergeNewestPage(this.#chat.messages, newest);
      this.#chat.messages = messages;
      if (!keptOlder) this.#setOlderCursor(page.nextCursor);
      const versions = mergeVersions(this.#host.getState().versions, page.items);
      this.#host.set({ isSaved: true, isLost: false, versions });
      return "loaded";
    } catch (error) {
      const { errorCode } = readError(error);
      if (errorCode === "NOT_FOUND") return "gone";
      return errorCode === "UNAUTHENTICATED" ? "logged-out" : "failed";
    }
  }

  #setOlderCursor(cursor: string | null): void {
    this.#olderCursor = cursor;
    this.#host.set({ hasOlder: cursor !== null });
  }
}
