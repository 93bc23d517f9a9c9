import { Chat } from "@ai-sdk/react";
import type { SendOutput, ToolApproval } from "api-worker/contracts";
import { v7 as uuidv7 } from "uuid";
import { isUnsettled, readError } from "../../../lib/error-text.ts";
import { withApprovals } from "../../messages/approvals.ts";
import {
  type ChatMessage,
  canContinue,
  type FilePart,
  messageStatus,
  toChatMessage,
  toRequestParts,
  userMessage,
} from "../../messages/message.ts";
import { askUntilAnswered } from "../../messages/stream/ask-until-answered.ts";
import { SendError, TrpcChatTransport } from "../../messages/stream/chat-transport.ts";
import { addVersion, mergeVersions, noVersions } from "../../messages/versions.ts";
import {
  withEdit,
  withNewAnswer,
  withoutTurn,
  withReopened,
  withTurn,
} from "../../messages/wanted-turn.ts";
import { ChatHistory } from "./chat-history.ts";
import type { ChatSessionOptions, ChatState } from "./chat-state.ts";

/** How often in a row an answer that cannot be had is asked for, and how far apart, in ms. */
const maxResumes = 3;
const resumeAfterMs = 1_000;
/** From here on, in ms, the person is told that the page waits for the server. */
const tellAfterMs = 1_000;

/** The same for the same text with the same files. */
function contentOf(text: string, files: readonly FilePart[]): string {
  return JSON.stringify([text, ...files.map(({ url }) => url)]);
}

/** Said when something is wanted that must wait for an answer. */
const waitSentence = "An answer is being written. Wait for its end, or stop it first.";

/**
 * One chat in the browser: its messages in the AI SDK's `Chat`, and all that a reader can do with
 * it. Belongs to no component, so a page change neither cuts an answer off nor loses its state.
 */
export class ChatSession {
  readonly chat: Chat<ChatMessage>;
  readonly #options: ChatSessionOptions;
  readonly #listeners = new Set<() => void>();
  #state: ChatState;
  readonly #history: ChatHistory;
  #turn: SendOutput | null = null;
  /** Stop was pressed before the worker had named the turn. */
  #isStopWanted = false;
  #isBusy = false;
  /** A turn that was told of while something was under way here. */
  #newsStreamId: string | null = null;
  /** Something else was told of while something was under way here. */
  #hasMissedChange = false;
  /** A message that may have arrived although no answer came: sent again, it keeps its id. */
  #unanswered: { id: string; content: string } | null = null;

  constructor(options: ChatSessionOptions) {
    this.#options = options;
    const { chatId, newestPage, port, events } = options;
    this.#state = {
      isSaved: newestPage !== null,
      problem: null,
      isDayUsed: false,
      unsent: null,
      isStopping: false,
      isReconnecting: false,
      isLost: false,
      isDeleted: false,
      hasOlder: newestPage?.nextCursor != null,
      isLoadingOlder: false,
      versions: mergeVersions(noVersions, newestPage?.items ?? []),
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
    this.#history = new ChatHistory(this.chat, port, newestPage?.nextCursor ?? null, {
      getState: () => this.#state,
      set: (change) => this.#set(change),
      report: (error) => this.#report(error),
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
   * Sends a text, with files or files alone, and reads its answer to the end.
   *
   * @returns false when it cannot be taken now, because something else is under way
   */
  send(text: string, modelId?: string, files: readonly FilePart[] = []): boolean {
    if (this.#isBusy || this.#isAnswering()) return false;
    void this.#whileBusy(async () => {
      this.#set({ problem: null, unsent: null, isLost: false });
      this.#turn = null;
      const isAgain = this.#unanswered?.content === contentOf(text, files);
      const id = (isAgain && this.#unanswered?.id) || uuidv7();
      const message = userMessage(id, text, this.chat.messages.at(-1)?.id, files);
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
   * @returns false when it cannot be done now
   */
  continue(): boolean {
    const answer = this.#lastAnswer();
    if (!answer || !canContinue(answer)) return false;
    const request = { chatId: this.chat.id, messageId: answer.id };
    const ask = () => askUntilAnswered(() => this.#options.port.continue(request));
    return this.#begin(withReopened(this.chat.messages), ask) !== null;
  }

  /**
   * Says a message in other words. What it was, and what followed, stays as another version.
   *
   * @returns whether the worker has taken it; null when it cannot be done now
   */
  edit(messageId: string, text: string, modelId?: string): Promise<boolean> | null {
    const id = uuidv7();
    const shown = withEdit(this.chat.messages, messageId, { id, text });
    const message = shown?.at(-2);
    if (!shown || !message) return null;
    const request = {
      chatId: this.chat.id,
      message: { id, parts: toRequestParts(message) },
      parentId: message.metadata?.parentId ?? null,
      ...(modelId !== undefined && { modelId }),
    };
    // The message's id makes a second try harmless.
    return this.#begin(shown, () => askUntilAnswered(() => this.#options.port.send(request)), {
      messageId,
      newId: () => id,
    });
  }

  /**
   * Answers a question again, beside the answer that is shown.
   *
   * @param modelId the answer's own when left out
   * @returns whether the worker has begun; null when it cannot be done now
   */
  regenerate(messageId: string, modelId?: string): Promise<boolean> | null {
    const shown = withNewAnswer(this.chat.messages, messageId);
    if (!shown) return null;
    const request = { chatId: this.chat.id, messageId, ...(modelId !== undefined && { modelId }) };
    // Not asked twice: that could give two answers.
    return this.#begin(shown, () => this.#options.port.regenerate(request), {
      messageId,
      newId: (turn) => turn.assistantMessageId,
    });
  }

  /**
   * Allows or denies the tool calls that the last answer waits with, all of them at once.
   *
   * @returns whether the answer goes on; null when it cannot be done now
   */
  approve(approvals: readonly ToolApproval[]): Promise<boolean> | null {
    const answer = this.#lastAnswer();
    if (!answer) return null;
    const request = { chatId: this.chat.id, messageId: answer.id, approvals: [...approvals] };
    const shown = this.chat.messages.with(-1, withApprovals(answer, approvals));
    return this.#begin(withReopened(shown), () => this.#options.port.approve(request));
  }

  /** Shows the branch that leads through a message, on every device. */
  async selectBranch(messageId: string): Promise<void> {
    if (this.#refuseWhileAnswering() || this.#isBusy) return;
    await this.#whileBusy(async () => {
      this.#set({ problem: null });
      try {
        await this.#options.port.selectBranch({ chatId: this.chat.id, messageId });
      } catch (error) {
        this.#report(error);
      }
      if (!(await this.#loadNewest())) return;
      await this.#history.loadUntil(messageId);
      if (!this.#isAnswering()) return;
      await this.#readLiveTurn();
      this.#tellEnd();
    });
  }

  /**
   * Makes sure that a message is among those that are loaded, on whichever branch it is.
   *
   * @returns false when it cannot be had
   */
  async reveal(messageId: string): Promise<boolean> {
    if (await this.#history.loadUntil(messageId)) return true;
    await this.selectBranch(messageId);
    return this.#history.has(messageId);
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

  /** News from whichever device: another branch is shown, or the like. */
  noteChange(): void {
    if (this.#isBusy) this.#hasMissedChange = true;
    else void this.refresh();
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
    await this.#history.loadOlder();
  }

  /**
   * Lets go of old messages, so that a page that has been far up does not keep them all. They are
   * loaded again as the reader scrolls up.
   *
   * @param keptCount the newest messages, which stay
   */
  forgetOlder(keptCount: number): void {
    if (!this.#isBusy) this.#history.forgetOlder(keptCount);
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

  /**
   * Asks for a turn, showing at once what comes of it, and reads it to its end.
   *
   * @param shown the messages until it has begun; the last one is the place of the answer
   * @param version what is another version of which message
   * @returns whether it has begun, as soon as that is known; null when it cannot be asked for now
   */
  #begin(
    shown: ChatMessage[],
    ask: () => Promise<SendOutput>,
    version?: { readonly messageId: string; readonly newId: (turn: SendOutput) => string },
  ): Promise<boolean> | null {
    if (this.#refuseWhileAnswering() || this.#isBusy) return null;
    const begun = Promise.withResolvers<boolean>();
    void this.#whileBusy(async () => {
      this.#set({ problem: null, isLost: false });
      this.#turn = null;
      const before = this.chat.messages;
      this.chat.messages = shown;
      try {
        const turn = await ask();
        this.chat.messages = withTurn(this.chat.messages, turn);
        if (version) {
          const { messageId, newId } = version;
          this.#set({ versions: addVersion(this.#state.versions, messageId, newId(turn)) });
        }
        this.#onTurnStarted(turn);
        begun.resolve(true);
      } catch (error) {
        this.chat.messages = withoutTurn(this.chat.messages, shown, before);
        this.#report(error);
        // Another device may have been quicker, or the request arrived after all: show what is.
        const isKnown = await this.#loadNewest();
        if (readError(error).errorCode === null && this.#isAnswering()) {
          this.#set({ problem: null });
          begun.resolve(true);
        }
        begun.resolve(false);
        if (!isKnown) return;
      }
      await this.#readLiveTurn();
      this.#tellEnd();
    });
    return begun.promise;
  }

  /** Says so when an answer is in the way of what the reader wants. */
  #refuseWhileAnswering(): boolean {
    const isAnswering = this.#isAnswering() || this.#turn !== null;
    if (isAnswering) this.#set({ problem: waitSentence });
    return isAnswering;
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
    const { messageId: id, text, files } = error;
    this.#unanswered = isUnsettled(error.cause) ? { id, content: contentOf(text, files) } : null;
    this.#set({ unsent: { text, files } });
    this.#report(error.cause);
    // Another device was quicker, or a message of ours that had seemed lost: show what is.
    if (errorCode === "CONFLICT" && (await this.#loadNewest())) await this.#readLiveTurn();
  }

  /** Shows how the chat stands. @returns false when that could not be asked, or is not wanted any more */
  async #loadNewest(isWanted?: () => boolean): Promise<boolean> {
    const look = await this.#history.loadNewest(isWanted);
    if (look === "gone") this.noteDeleted();
    if (look === "logged-out") this.#options.events.onLoggedOut();
    return look === "loaded";
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
    const isChanged = this.#hasMissedChange;
    this.#newsStreamId = null;
    this.#hasMissedChange = false;
    const isMissed = missed !== null && missed !== this.#lastAnswer()?.metadata?.streamId;
    if (isMissed || isChanged) void this.refresh();
  }

  #lastAnswer(): ChatMessage | undefined {
    const last = this.chat.messages.at(-1);
    return last?.role === "assistant" ? last : undefined;
  }

  #isAnswering(): boolean {
    const last = this.#lastAnswer();
    return last !== undefined && messageStatus(last) === "streaming";
  }

  #report(error: unknown): void {
    const { errorCode, text, isDayUsed } = readError(error);
    if (errorCode === "UNAUTHENTICATED") this.#options.events.onLoggedOut();
    this.#set({ problem: text, isDayUsed });
  }

  #set(change: Partial<ChatState>): void {
    // Another problem, or none, is not that one.
    const isDayUsed = "problem" in change ? false : this.#state.isDayUsed;
    this.#state = { ...this.#state, isDayUsed, ...change };
    for (const listener of this.#listeners) listener();
  }
}
