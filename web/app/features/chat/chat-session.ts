import { Chat } from "@ai-sdk/react";
import type { MessageListOutput, SendOutput } from "api-worker/contracts";
import { v7 as uuidv7 } from "uuid";
import { errorText, readError } from "../../lib/error-text.ts";
import { askUntilAnswered } from "../messages/ask-until-answered.ts";
import { SendError, TrpcChatTransport } from "../messages/chat-transport.ts";
import {
  type ChatMessage,
  canContinue,
  mergeNewestPage,
  messageStatus,
  toChatMessage,
  userMessage,
} from "../messages/message.ts";
import type { MessagesPort } from "../messages/messages-port.ts";

/** How often in a row an answer that cannot be had is asked for, and how far apart, in ms. */
const maxResumes = 3;
const resumeAfterMs = 1_000;
/** From here on, in ms, the person is told that the page waits for the server. */
const tellAfterMs = 1_000;

/** What the chat tells the rest of the app. */
export interface ChatEvents {
  /** The worker has taken a message; with the first one, the chat exists from now on. */
  onTurnStarted(chatId: string, streamId: string): void;
  /** Nobody reads the answer any more: it has ended, or this page has lost it. */
  onTurnEnded(chatId: string, end: { streamId: string | null; isLost: boolean }): void;
  onTitle(chatId: string, title: string): void;
  /** The session has ended elsewhere. */
  onLoggedOut(): void;
}

/** What `useChat` does not know of a chat. A new object whenever something in it changes. */
export interface ChatState {
  /** True once the worker has this chat. */
  readonly isSaved: boolean;
  /** Why the last thing that the reader wanted did not happen; null when it did. */
  readonly problem: string | null;
  /** A text that could not be sent, to be put back into the composer. */
  readonly unsent: { readonly text: string } | null;
  readonly isStopping: boolean;
  /** The connection to the answer has been gone for a while; it comes back by itself. */
  readonly isReconnecting: boolean;
  /** The answer may go on, but this page has lost it. */
  readonly isLost: boolean;
  /** The chat is gone, on whichever device that was done. */
  readonly isDeleted: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
}

export interface ChatSessionOptions {
  readonly chatId: string;
  /** The newest page; null for a chat that does not exist yet. */
  readonly newestPage: MessageListOutput | null;
  readonly port: MessagesPort;
  readonly events: ChatEvents;
}

/**
 * One chat in the browser: its messages in the AI SDK's `Chat`, and all that a reader can do with
 * it. Belongs to no component, so a page change neither cuts an answer off nor loses its state.
 */
export class ChatSession {
  readonly chat: Chat<ChatMessage>;
  readonly #options: ChatSessionOptions;
  readonly #listeners = new Set<() => void>();
  #state: ChatState;
  #olderCursor: string | null;
  #turn: SendOutput | null = null;
  /** Stop was pressed before the worker had named the turn. */
  #isStopWanted = false;
  #isBusy = false;
  /** A turn that was told of while something was under way here. */
  #newsStreamId: string | null = null;
  /** Counts the looks at the newest messages: an older answer must not undo a newer one. */
  #lookCount = 0;
  /** A message that may have arrived although no answer came: sent again, it keeps its id. */
  #unanswered: { id: string; text: string } | null = null;

  constructor(options: ChatSessionOptions) {
    this.#options = options;
    const { chatId, newestPage, port, events } = options;
    this.#olderCursor = newestPage?.nextCursor ?? null;
    this.#state = {
      isSaved: newestPage !== null,
      problem: null,
      unsent: null,
      isStopping: false,
      isReconnecting: false,
      isLost: false,
      isDeleted: false,
      hasOlder: this.#olderCursor !== null,
      isLoadingOlder: false,
    };
    this.chat = new Chat<ChatMessage>({
      id: chatId,
      messages: newestPage?.items.map(toChatMessage) ?? [],
      generateId: () => uuidv7(),
      transport: new TrpcChatTransport({
        port,
        onTurnStarted: (turn) => this.#onTurnStarted(turn),
        onConnectionGone: (isReconnecting) => this.#set({ isReconnecting }),
      }),
      onData: (part) => {
        if (part.type === "data-title") events.onTitle(chatId, part.data.title);
      },
    });
  }

  get state(): ChatState {
    return this.#state;
  }

  /** True while something is under way that must not be thrown away. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /**
   * Sends a text, and reads its answer to the end.
   *
   * @returns false when it cannot be taken now, because something else is under way
   */
  send(text: string, modelId?: string): boolean {
    if (this.#isBusy || this.#isAnswering()) return false;
    void this.#whileBusy(async () => {
      this.#set({ problem: null, unsent: null, isLost: false });
      this.#turn = null;
      const id = this.#unanswered?.text === text ? this.#unanswered.id : uuidv7();
      const message = userMessage(id, text, this.chat.messages.at(-1)?.id);
      await this.chat.sendMessage(message, { body: { modelId } });
      const { error } = this.chat;
      if (error instanceof SendError) await this.#takeBack(error);
      else await this.#settle();
    });
    return true;
  }

  /**
   * Goes on with the last answer, which ended early. It grows in its place.
   *
   * @returns false when it cannot be done now, because something else is under way
   */
  continue(): boolean {
    const answer = this.#lastAnswer();
    if (this.#isBusy || !answer || !canContinue(answer)) return false;
    void this.#whileBusy(async () => {
      this.#set({ problem: null, isLost: false });
      this.#turn = null;
      // At once, so that the button is gone before a second click.
      this.#setLast({ ...answer, metadata: { status: "streaming", streamId: null } });
      const request = { chatId: this.chat.id, messageId: answer.id };
      try {
        const turn = await askUntilAnswered(() => this.#options.port.continue(request));
        const metadata = { ...answer.metadata, status: "streaming", errorCode: null } as const;
        this.#setLast({ ...answer, metadata: { ...metadata, streamId: turn.streamId } });
        this.#onTurnStarted(turn);
      } catch (error) {
        this.#setLast(answer);
        this.#report(error);
        // Another device may have been quicker: show what is.
        if (!(await this.#loadNewest())) return;
      }
      await this.#readLiveTurn();
      this.#tellEnd();
    });
    return true;
  }

  /** Goes on reading an answer that is under way, if there is one. Safe to call at any time. */
  async resume(): Promise<void> {
    if (this.#isBusy || !this.#isAnswering()) return;
    await this.#whileBusy(async () => {
      await this.#readLiveTurn();
      this.#tellEnd();
    });
  }

  /**
   * Looks whether the chat went on elsewhere, and joins in when it does. Holds nothing up: what
   * the reader sends in the meantime goes first, and its end brings the news too.
   */
  async refresh(): Promise<void> {
    if (this.#isBusy || !this.#state.isSaved || this.#state.isDeleted) return;
    if (await this.#loadNewest(() => !this.#isBusy)) await this.resume();
  }

  /** News from whichever device: a turn of this chat has started or ended. */
  noteTurn(streamId: string): void {
    if (this.#isBusy) this.#newsStreamId = streamId;
    else if (this.#isAnswering() || this.#lastAnswer()?.metadata?.streamId !== streamId) {
      void this.refresh();
    }
  }

  /** News from whichever device: this chat is gone. */
  noteDeleted(): void {
    this.#set({ isDeleted: true, isLost: false });
    void this.chat.stop();
  }

  /** Ends the answer under way. What came of it is kept. */
  async stop(): Promise<void> {
    if (this.#state.isStopping || !(this.#isBusy || this.#isAnswering())) return;
    this.#set({ isStopping: true, problem: null });
    const streamId = this.#turn?.streamId ?? this.#lastAnswer()?.metadata?.streamId;
    if (!streamId) {
      this.#isStopWanted = true;
      return;
    }
    try {
      await this.#options.port.stop({ chatId: this.chat.id, streamId });
    } catch (error) {
      this.#set({ isStopping: false });
      this.#report(error);
      return;
    }
    // Nobody reads the answer just now, so nobody would see its end.
    if (this.#isAnswering()) await this.refresh();
  }

  /** Puts the page before the first shown message in front of it. */
  async loadOlder(): Promise<void> {
    const cursor = this.#olderCursor;
    if (cursor === null || this.#state.isLoadingOlder) return;
    this.#set({ isLoadingOlder: true });
    try {
      const page = await this.#options.port.list({ chatId: this.chat.id, cursor });
      // A refresh in between may have started the list anew.
      if (this.#olderCursor !== cursor) return;
      this.chat.messages = [...page.items.map(toChatMessage), ...this.chat.messages];
      this.#setOlderCursor(page.nextCursor);
    } catch (error) {
      this.#report(error);
    } finally {
      this.#set({ isLoadingOlder: false });
    }
  }

  /** The composer has the text again. */
  takeUnsent(): void {
    this.#set({ unsent: null });
  }

  #onTurnStarted(turn: SendOutput): void {
    this.#turn = turn;
    this.#unanswered = null;
    this.#set({ isSaved: true });
    this.#options.events.onTurnStarted(this.chat.id, turn.streamId);
    if (this.#isStopWanted) {
      this.#isStopWanted = false;
      this.#set({ isStopping: false });
      void this.stop();
    }
  }

  /** After a stream of any end: makes sure that what is shown is how the answer stands. */
  async #settle(): Promise<void> {
    if (this.chat.error || this.#isAnswering()) {
      this.chat.clearError();
      if (await this.#lookAfterLoss()) await this.#readLiveTurn();
      else this.#lose();
    }
    this.#tellEnd();
  }

  /** Reads the turn of the last message until it has ended, or cannot be reached. */
  async #readLiveTurn(): Promise<void> {
    for (let resumes = 0; this.#isAnswering(); resumes += 1) {
      if (resumes === maxResumes) return this.#lose();
      if (resumes > 0) await new Promise((resolve) => setTimeout(resolve, resumeAfterMs));
      const streamId = this.#lastAnswer()?.metadata?.streamId ?? undefined;
      await this.chat.resumeStream({ metadata: { streamId } });
      if (!this.chat.error && !this.#isAnswering()) return;
      this.chat.clearError();
      if (!(await this.#lookAfterLoss())) return this.#lose();
    }
  }

  /** Asks how an answer stands that could not be read to its end. */
  async #lookAfterLoss(): Promise<boolean> {
    const timer = setTimeout(() => this.#set({ isReconnecting: true }), tellAfterMs);
    const hasAnswered = await this.#loadNewest();
    clearTimeout(timer);
    this.#set({ isReconnecting: false });
    return hasAnswered;
  }

  #lose(): void {
    if (!this.#state.isDeleted) this.#set({ isLost: true });
  }

  #tellEnd(): void {
    const streamId = this.#lastAnswer()?.metadata?.streamId ?? null;
    this.#options.events.onTurnEnded(this.chat.id, { streamId, isLost: this.#state.isLost });
  }

  /** A message that was not sent leaves the chat and goes back to the composer. */
  async #takeBack(error: SendError): Promise<void> {
    this.chat.messages = this.chat.messages.filter(({ id }) => id !== error.messageId);
    this.chat.clearError();
    const { errorCode } = readError(error.cause);
    this.#unanswered = errorCode === null ? { id: error.messageId, text: error.text } : null;
    this.#set({ unsent: { text: error.text } });
    this.#report(error.cause);
    // Another device was quicker, or a message of ours that had seemed lost: show what is.
    if (errorCode === "CONFLICT" && (await this.#loadNewest())) await this.#readLiveTurn();
  }

  /**
   * Takes over the newest messages from the worker. That it cannot be reached is not told here: it
   * is asked again.
   *
   * @param isWanted asked when they are there
   * @returns false when it could not be asked, or they were not wanted any more
   */
  async #loadNewest(isWanted = () => true): Promise<boolean> {
    this.#lookCount += 1;
    const look = this.#lookCount;
    try {
      const page = await this.#options.port.list({ chatId: this.chat.id });
      if (look !== this.#lookCount || !isWanted()) return false;
      const newest = page.items.map(toChatMessage);
      const { messages, keptOlder } = mergeNewestPage(this.chat.messages, newest);
      this.chat.messages = messages;
      if (!keptOlder) this.#setOlderCursor(page.nextCursor);
      this.#set({ isSaved: true, isLost: false });
      return true;
    } catch (error) {
      const { errorCode } = readError(error);
      if (errorCode === "NOT_FOUND") this.noteDeleted();
      if (errorCode === "UNAUTHENTICATED") this.#options.events.onLoggedOut();
      return false;
    }
  }

  async #whileBusy(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    try {
      await work();
    } finally {
      this.#isBusy = false;
      this.#isStopWanted = false;
      this.#turn = null;
      this.#set({ isStopping: false });
    }
    const missed = this.#newsStreamId;
    this.#newsStreamId = null;
    if (missed !== null && missed !== this.#lastAnswer()?.metadata?.streamId) void this.refresh();
  }

  #setLast(message: ChatMessage): void {
    this.chat.messages = [...this.chat.messages.slice(0, -1), message];
  }

  #lastAnswer(): ChatMessage | undefined {
    const last = this.chat.messages.at(-1);
    return last?.role === "assistant" ? last : undefined;
  }

  #isAnswering(): boolean {
    const last = this.#lastAnswer();
    return last !== undefined && messageStatus(last) === "streaming";
  }

  #setOlderCursor(cursor: string | null): void {
    this.#olderCursor = cursor;
    this.#set({ hasOlder: cursor !== null });
  }

  #report(error: unknown): void {
    if (readError(error).errorCode === "UNAUTHENTICATED") this.#options.events.onLoggedOut();
    this.#set({ problem: errorText(error) });
  }

  #set(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
