import type { Chat } from "@ai-sdk/react";
import { limits } from "api-worker/contracts/limits";
import { readError } from "../../../lib/error-text.ts";
import { isSessionError } from "../../../lib/session-change.ts";
import { type ChatMessage, mergeNewestPage, toChatMessage } from "../../messages/message.ts";
import type { MessagesPort } from "../../messages/stream/messages-port.ts";
import { mergeVersions } from "../../messages/versions.ts";
import type { ChatState } from "./chat-state.ts";

/** What the history uses of its session. */
export interface HistoryHost {
  getState(): ChatState;
  /** Whether a request or an answer is in progress. */
  isBusy(): boolean;
  set(change: Partial<ChatState>): void;
  report(error: unknown): void;
}

/**
 * The result of loading the newest messages. "failed" also when the result was no longer wanted.
 */
export type Look = "loaded" | "failed" | "gone" | "logged-out";

/**
 * Manages the loaded part of a chat's shown branch: the newest messages, and older ones loaded
 * before them.
 */
export class ChatHistory {
  readonly #chat: Chat<ChatMessage>;
  readonly #port: Pick<MessagesPort, "list">;
  readonly #host: HistoryHost;
  #olderCursor: string | null;
  /** Counts loads of the newest messages, so that an older response does not undo a newer one. */
  #lookCount = 0;
  #olderPage: Promise<boolean> | null = null;
  /** How many callers load messages, one page after the other. */
  #seekers = 0;

  /**
   * @param olderCursor the cursor of the page before the messages in `chat`; null when there is
   *   none
   */
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
   * Loads the page before the first loaded message. While it is loading, further calls wait for the
   * same page.
   *
   * @param limit the most messages to load
   * @returns false when there is no such page, or loading failed
   */
  loadOlder(limit?: number): Promise<boolean> {
    this.#olderPage ??= this.#loadOlder(limit).finally(() => {
      this.#olderPage = null;
    });
    return this.#olderPage;
  }

  async #loadOlder(limit?: number): Promise<boolean> {
    const cursor = this.#olderCursor;
    if (cursor === null) return false;
    this.#host.set({ isLoadingOlder: true });
    try {
      const page = await this.#port.list({
        chatId: this.#chat.id,
        cursor,
        ...(limit !== undefined && { limit }),
      });
      // A refresh meanwhile may have replaced the list.
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
   * Drops old messages, so that a page that was scrolled far up does not keep all of them. They are
   * loaded again when the reader scrolls up.
   *
   * @param keptCount how many of the newest messages stay
   */
  forgetOlder(keptCount: number): void {
    const kept = this.#chat.messages.slice(-keptCount);
    const parentId = kept[0]?.metadata?.parentId;
    if (this.#host.isBusy() || this.#isLoading || !parentId) return;
    if (kept.length === this.#chat.messages.length) return;
    this.#chat.messages = kept;
    this.#setOlderCursor(parentId);
  }

  /**
   * Loads older messages until this one is loaded.
   *
   * @returns false when that is not possible
   */
  loadUntil(messageId: string): Promise<boolean> {
    return this.#loadWhile(() => !this.has(messageId));
  }

  /**
   * Loads all older messages.
   *
   * @returns false when loading failed
   */
  loadAllOlder(): Promise<boolean> {
    return this.#loadWhile(() => this.#olderCursor !== null);
  }

  async #loadWhile(isWanted: () => boolean): Promise<boolean> {
    this.#seekers += 1;
    try {
      while (isWanted()) {
        if (!(await this.loadOlder(limits.messagesPageMax))) return false;
      }
      return true;
    } finally {
      this.#seekers -= 1;
    }
  }

  get #isLoading(): boolean {
    return this.#seekers > 0 || this.#host.getState().isLoadingOlder;
  }

  /**
   * Finds an older message of the shown branch without adding it to the shown messages.
   *
   * @returns its parent and the message, or the message alone when it is the first one; empty when
   *   the branch has no such message
   * @throws what the port threw
   */
  async find(messageId: string): Promise<ChatMessage[]> {
    let cursor = this.#olderCursor;
    let following: ChatMessage | undefined;
    while (cursor !== null) {
      const page = await this.#port.list({
        chatId: this.#chat.id,
        cursor,
        limit: limits.messagesPageMax,
      });
      const messages = [...page.items.map(toChatMessage), ...(following ? [following] : [])];
      const index = messages.findIndex(({ id }) => id === messageId);
      // The parent of a page's first message is on the next page.
      if (index > 0 || (index === 0 && page.nextCursor === null)) {
        return messages.slice(Math.max(0, index - 1), index + 1);
      }
      following = messages[0];
      cursor = page.nextCursor;
    }
    return [];
  }

  /** Whether a message is loaded. */
  has(messageId: string): boolean {
    return this.#chat.messages.some(({ id }) => id === messageId);
  }

  /**
   * Loads the newest messages from the worker. A failure is not reported, because callers try
   * again.
   *
   * @param isWanted asked once the worker has answered; false discards the answer
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
      if (look !== this.#lookCount || !isWanted()) return "failed";
      const { errorCode } = readError(error);
      if (errorCode === "NOT_FOUND") return "gone";
      return isSessionError(error) ? "logged-out" : "failed";
    }
  }

  #setOlderCursor(cursor: string | null): void {
    this.#olderCursor = cursor;
    this.#host.set({ hasOlder: cursor !== null });
  }
}
