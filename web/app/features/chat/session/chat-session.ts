import { Chat } from "@ai-sdk/react";
import type { SendOutput } from "api-worker/contracts";
import type { DataPartType } from "api-worker/contracts/message-parts";
import { v7 as uuidv7 } from "uuid";
import { readError } from "../../../lib/error-text.ts";
import { Store } from "../../../lib/store.ts";
import { type ChatMessage, toChatMessage } from "../../messages/message.ts";
import { SendError, TrpcChatTransport } from "../../messages/stream/chat-transport.ts";
import { DataPartListeners, type DataPartOf } from "../../messages/stream/data-part-listeners.ts";
import { startTurn } from "../../messages/stream/start-turn.ts";
import { addVersion, mergeVersions, noVersions } from "../../messages/versions.ts";
import {
  planTurn,
  type RequestPlan,
  type WantedTurn,
  withoutTurn,
  withTurn,
} from "../../messages/wanted-turn.ts";
import { ChatHistory } from "./chat-history.ts";
import type { ChatSessionOptions, ChatState } from "./chat-state.ts";
import { TurnFollower } from "./turn-follower.ts";
import { UnsettledSend } from "./unsettled-send.ts";

/** Said when something is wanted that must wait for an answer. */
const waitSentence = "An answer is still being written. Wait for it to finish, or stop it.";

/**
 * One chat in the browser: its messages in the AI SDK's `Chat`, and all that a reader can do with
 * it. Belongs to no component, so a page change neither cuts an answer off nor loses its state.
 */
export class ChatSession {
  readonly chat: Chat<ChatMessage>;
  readonly #options: ChatSessionOptions;
  readonly store: Store<ChatState>;
  readonly #history: ChatHistory;
  readonly #follower: TurnFollower;
  readonly #dataParts = new DataPartListeners();
  readonly #unsettled = new UnsettledSend();
  #turn: SendOutput | null = null;
  /** Stop was pressed before the worker had named the turn. */
  #isStopWanted = false;
  #isBusy = false;
  /** A turn that was told of while something was under way here. */
  #newsStreamId: string | null = null;
  /** Something else was told of while something was under way here. */
  #hasMissedChange = false;
  /** Tells the caller of `start` whether the turn that it wants has begun. */
  #tellBegun: (hasBegun: boolean) => void = () => {};

  constructor(options: ChatSessionOptions) {
    this.#options = options;
    const { chatId, newestPage, port, events } = options;
    this.store = new Store<ChatState>({
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
    });
    this.chat = new Chat<ChatMessage>({
      id: chatId,
      messages: newestPage?.items.map(toChatMessage) ?? [],
      generateId: () => uuidv7(),
      transport: new TrpcChatTransport({
        port,
        onTurnStarted: (turn) => this.#onTurnStarted(turn),
        onConnectionGone: (isReconnecting) => this.#set({ isReconnecting }),
      }),
      onData: (part) => this.#dataParts.tell(part),
    });
    this.onDataPart("data-title", ({ data }) => events.onTitle(chatId, data.title));
    this.#history = new ChatHistory(this.chat, port, newestPage?.nextCursor ?? null, {
      getState: () => this.state,
      set: (change) => this.#set(change),
      report: (error) => this.#report(error),
    });
    this.#follower = new TurnFollower(this.chat, {
      set: (change) => this.#set(change),
      loadNewest: () => this.#loadNewest(),
      lose: () => !this.state.isDeleted && this.#set({ isLost: true }),
    });
  }

  get state(): ChatState {
    return this.store.value;
  }

  /** True while something is under way that must not be thrown away. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Listens to the data parts of one type in the answers of this chat, as they arrive.
   *
   * @returns a function that ends the listening
   */
  onDataPart<Type extends DataPartType>(
    type: Type,
    listener: (part: DataPartOf<Type>) => void,
  ): () => void {
    return this.#dataParts.on(type, listener);
  }

  /**
   * Starts a turn, shows at once what comes of it, and reads its answer to the end. What cannot be
   * started is taken back with the reason in `state.problem`; the text and the files of a message
   * that was not sent are then in `state.unsent`.
   *
   * @returns whether the worker has begun, as soon as that is known; null when it cannot be asked
   *   now, because something else is under way or the messages do not allow it
   */
  start(wanted: WantedTurn): Promise<boolean> | null {
    const isSend = wanted.kind === "send";
    const newId = isSend ? this.#unsettled.idFor(wanted.text, wanted.files) : uuidv7();
    const plan = planTurn(this.chat, wanted, newId);
    if (plan === null) return null;
    // The composer offers to stop an answer that is in the way, where it would send.
    const isInTheWay = isSend ? this.#follower.isAnswering : this.#refuseWhileAnswering();
    if (isInTheWay || this.#isBusy) return null;
    const begun = Promise.withResolvers<boolean>();
    void this.#whileBusy(async () => {
      this.#set({ problem: null, isLost: false });
      this.#turn = null;
      this.#tellBegun = begun.resolve;
      if ("message" in plan) await this.#send(plan.message, plan.modelId);
      else await this.#request(plan);
    });
    return begun.promise;
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
      if (this.#follower.isAnswering) await this.#readLiveTurn();
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
    if (this.#isBusy || !this.#follower.isAnswering) return;
    await this.#whileBusy(() => this.#readLiveTurn());
  }

  /**
   * Looks whether the chat went on elsewhere, and joins in when it does. Holds nothing up: what
   * the reader sends in the meantime goes first, and its end brings the news too.
   */
  async refresh(): Promise<void> {
    if (this.#isBusy || !this.state.isSaved || this.state.isDeleted) return;
    if (await this.#loadNewest(() => !this.#isBusy)) await this.resume();
  }

  /** News from whichever device: a turn of this chat has started or ended. */
  noteTurn(streamId: string): void {
    if (this.#isBusy) this.#newsStreamId = streamId;
    else if (this.#follower.isAnswering || this.#follower.answer?.metadata?.streamId !== streamId) {
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
    if (this.state.isStopping || !(this.#isBusy || this.#follower.isAnswering)) return;
    this.#set({ isStopping: true, problem: null });
    const streamId = this.#turn?.streamId ?? this.#follower.answer?.metadata?.streamId;
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
    // The session reads no answer just now, so it would miss the end.
    if (this.#follower.isAnswering) await this.refresh();
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
    this.#unsettled.forget();
    this.#set({ isSaved: true });
    this.#options.events.onTurnStarted(this.chat.id, turn.streamId);
    this.#tellBegun(true);
    if (this.#isStopWanted) {
      this.#isStopWanted = false;
      this.#set({ isStopping: false });
      void this.stop();
    }
  }

  async #send(message: ChatMessage, modelId: string | undefined): Promise<void> {
    await this.chat.sendMessage(message, { body: { modelId } });
    const { error } = this.chat;
    if (error instanceof SendError) return this.#takeBack(error);
    await this.#follower.settle();
    this.#tellEnd();
  }

  async #request({ request, shown, version }: RequestPlan): Promise<void> {
    const before = this.chat.messages;
    this.chat.messages = shown;
    try {
      const turn = await startTurn(this.#options.port, request);
      this.chat.messages = withTurn(this.chat.messages, turn);
      if (version) {
        const { messageId, newId } = version;
        this.#set({ versions: addVersion(this.state.versions, messageId, newId(turn)) });
      }
      this.#onTurnStarted(turn);
    } catch (error) {
      this.chat.messages = withoutTurn(this.chat.messages, shown, before);
      this.#report(error);
      // Another device may have been quicker, or the request arrived after all: show what is.
      const isKnown = await this.#loadNewest();
      const hasArrived = readError(error).errorCode === null && this.#follower.isAnswering;
      if (hasArrived) this.#set({ problem: null });
      this.#tellBegun(hasArrived);
      if (!isKnown) return;
    }
    await this.#readLiveTurn();
  }

  /** Says so when an answer is in the way of what the reader wants. */
  #refuseWhileAnswering(): boolean {
    const isAnswering = this.#follower.isAnswering || this.#turn !== null;
    if (isAnswering) this.#set({ problem: waitSentence });
    return isAnswering;
  }

  /** Reads the turn of the last message until it has ended, or cannot be reached. */
  async #readLiveTurn(): Promise<void> {
    await this.#follower.read();
    this.#tellEnd();
  }

  #tellEnd(): void {
    const streamId = this.#follower.answer?.metadata?.streamId ?? null;
    this.#options.events.onTurnEnded(this.chat.id, { streamId, isLost: this.state.isLost });
  }

  /** A message that was not sent leaves the chat and goes back to the composer. */
  async #takeBack(error: SendError): Promise<void> {
    this.chat.messages = this.chat.messages.filter(({ id }) => id !== error.messageId);
    this.chat.clearError();
    this.#unsettled.noteFailed(error);
    this.#set({ unsent: { text: error.text, files: error.files } });
    this.#report(error.cause);
    this.#tellBegun(false);
    // Another device was quicker, or a message of ours that had seemed lost: show what is.
    const isBusyElsewhere = readError(error.cause).errorCode === "CONFLICT";
    if (isBusyElsewhere && (await this.#loadNewest())) await this.#follower.read();
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
    const isMissed = missed !== null && missed !== this.#follower.answer?.metadata?.streamId;
    if (isMissed || isChanged) void this.refresh();
  }

  #report(error: unknown): void {
    const { errorCode, text, isDayUsed } = readError(error);
    if (errorCode === "UNAUTHENTICATED") this.#options.events.onLoggedOut();
    this.#set({ problem: text, isDayUsed });
  }

  #set(change: Partial<ChatState>): void {
    // Another problem, or none, is not that one.
    const isDayUsed = "problem" in change ? false : this.state.isDayUsed;
    this.store.set({ ...this.state, isDayUsed, ...change });
  }
}
