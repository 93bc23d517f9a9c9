import { Chat } from "@ai-sdk/react";
import type { SendOutput } from "api-worker/contracts";
import type { DataPartType } from "api-worker/contracts/message-parts";
import { v7 as uuidv7 } from "uuid";
import { readError } from "../../../lib/error-text.ts";
import { isSessionError } from "../../../lib/session-change.ts";
import { Store } from "../../../lib/store.ts";
import { type ChatMessage, toChatMessage } from "../../messages/message.ts";
import { SendError, TrpcChatTransport } from "../../messages/stream/chat-transport.ts";
import { DataPartListeners, type DataPartOf } from "../../messages/stream/data-part-listeners.ts";
import { startTurn } from "../../messages/stream/start-turn.ts";
import { addVersion } from "../../messages/versions.ts";
import {
  planTurn,
  type RequestPlan,
  type WantedTurn,
  withoutTurn,
  withTurn,
} from "../../messages/wanted-turn.ts";
import { NotSent } from "../unsent/not-sent.ts";
import type { UnsentMessage } from "../unsent/unsent-messages.ts";
import { UnsettledSend } from "../unsent/unsettled-send.ts";
import { ChatHistory } from "./chat-history.ts";
import { type ChatSessionOptions, type ChatState, initialState } from "./chat-state.ts";
import { TurnFollower } from "./turn-follower.ts";

/**
 * A new chat's title, votes and address come this long after its first turn has begun, in ms, or at
 * the turn's end: to draw and to request them would delay the first word.
 */
const showSavedMs = 250;

/** Shown when an action has to wait for an answer. */
const waitSentence = "An answer is still being written. Wait for it to finish, or stop it.";

/**
 * One chat in the browser: its messages, in the AI SDK's `Chat`, and the actions on it. Belongs to
 * no component, so changing pages neither interrupts an answer nor loses its state.
 */
export class ChatSession {
  readonly chat: Chat<ChatMessage>;
  readonly #options: ChatSessionOptions;
  readonly store: Store<ChatState>;
  /** The loaded part of the chat. */
  readonly history: ChatHistory;
  readonly #follower: TurnFollower;
  readonly #dataParts = new DataPartListeners();
  readonly #unsettled: UnsettledSend;
  readonly #notSent: NotSent;
  #turn: SendOutput | null = null;
  /** Whether the worker has taken a turn of this chat. */
  #hasBegun = false;
  /** Whether stop was requested before the turn's id was known. */
  #isStopWanted = false;
  #isBusy = false;
  /** How often the session has become busy. */
  #workCount = 0;
  /** A turn reported by news while the session was busy. */
  #newsStreamId: string | null = null;
  /** Whether news reported another change while the session was busy. */
  #hasMissedChange = false;
  /** Resolves the promise of `start`: whether the turn has begun. */
  #tellBegun: (hasBegun: boolean) => void = () => {};

  constructor(options: ChatSessionOptions) {
    this.#options = options;
    const { chatId, newestPage, port, events, unsent } = options;
    this.#unsettled = new UnsettledSend(unsent);
    this.store = new Store(initialState(newestPage));
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
    this.#notSent = new NotSent(this.chat, unsent, (notSent) => {
      if (notSent.length + this.state.notSent.length > 0) this.#set({ notSent });
    });
    this.history = new ChatHistory(this.chat, port, newestPage?.nextCursor ?? null, {
      getState: () => this.state,
      isBusy: () => this.#isBusy,
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

  /** Whether the worker has this chat. The view shows it a little later, see `state`. */
  get isSaved(): boolean {
    return this.#hasBegun || this.state.isSaved;
  }

  /** Whether a request or an answer is in progress, so that the session must be kept. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Listens to the data parts of one type in this chat's answers, as they arrive.
   *
   * @returns a function that stops listening
   */
  onDataPart<Type extends DataPartType>(
    type: Type,
    listener: (part: DataPartOf<Type>) => void,
  ): () => void {
    return this.#dataParts.on(type, listener);
  }

  /**
   * Starts a turn, shows it at once, and reads its answer to the end. A turn that cannot be started
   * is taken back, with the reason in `state.problem`; the text and files of an unsent message are
   * then in `state.unsent`.
   *
   * @returns whether the turn has begun, as soon as that is known; null when it cannot be requested
   *   now, because the session is busy or the messages do not allow it
   */
  start(wanted: WantedTurn): Promise<boolean> | null {
    const isSend = wanted.kind === "send";
    const newId = isSend
      ? (wanted.messageId ?? this.#unsettled.idFor(wanted.text, wanted.files))
      : uuidv7();
    const plan = planTurn(this.chat, wanted, newId);
    if (plan === null) return null;
    // While an answer is in the way of sending, the composer shows a stop button instead of a
    // reason.
    const isInTheWay = isSend ? this.#follower.isAnswering : this.#refuseWhileAnswering();
    if (isInTheWay || this.#isBusy) return null;
    const begun = Promise.withResolvers<boolean>();
    void this.#whileBusy(async () => {
      this.#set({ problem: null, isLost: false });
      this.#turn = null;
      this.#tellBegun = begun.resolve;
      if ("message" in plan) {
        // Before the caller empties the composer.
        this.#notSent.begin(plan.message, plan.modelId);
        await this.#send(plan.message, plan.modelId);
      } else await this.#request(plan);
    });
    return begun.promise;
  }

  /**
   * Shows what an earlier page has sent without a response. For a new chat, checks whether the
   * worker has it.
   */
  async findNotSent(): Promise<void> {
    this.#notSent.load();
    if (!this.isSaved && this.state.notSent.length > 0) await this.refresh();
  }

  /**
   * Sends a message of an earlier page again, under its id.
   *
   * @returns false when it cannot be sent now
   */
  sendAgain(messageId: string): boolean {
    const message = this.#notSent.find(messageId);
    if (!message) return false;
    const { text, files, modelId } = message;
    return this.start({ kind: "send", messageId, text, files, modelId }) !== null;
  }

  /** Puts a message of an earlier page back into the composer. */
  editNotSent(messageId: string): void {
    const message = this.#notSent.find(messageId);
    if (!message) return;
    this.#unsettled.note(message);
    this.#handBack(message);
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
      await this.history.loadUntil(messageId);
      if (this.#follower.isAnswering) await this.#readLiveTurn();
    });
  }

  /**
   * Loads a message, switching to its branch if necessary.
   *
   * @returns false when it cannot be loaded
   */
  async reveal(messageId: string): Promise<boolean> {
    if (await this.history.loadUntil(messageId)) return true;
    await this.selectBranch(messageId);
    return this.history.has(messageId);
  }

  /** Continues reading a live answer, if there is one. Safe to call at any time. */
  async resume(): Promise<void> {
    if (this.#isBusy || !this.#follower.isAnswering) return;
    await this.#whileBusy(() => this.#readLiveTurn());
  }

  /**
   * Checks whether the chat has changed elsewhere, and follows its live turn. Blocks nothing: a
   * message sent meanwhile goes first, and its end loads the same news.
   */
  async refresh(): Promise<void> {
    // A chat that has not started may have what an earlier page has sent.
    const mayExist = this.isSaved || this.state.notSent.length > 0;
    if (this.#isBusy || !mayExist || this.state.isDeleted) return;
    // What was read before a turn of this page knows nothing of the turn: a new chat was not there.
    const workCount = this.#workCount;
    const isWanted = () => workCount === this.#workCount;
    if (await this.#loadNewest(isWanted)) await this.resume();
  }

  /** Handles news from any device: a turn of this chat has started or ended. */
  noteTurn(streamId: string): void {
    if (this.#isBusy) this.#newsStreamId = streamId;
    else if (this.#follower.isAnswering || this.#follower.answer?.metadata?.streamId !== streamId) {
      void this.refresh();
    }
  }

  /** Handles news from any device: the shown branch or something else has changed. */
  noteChange(): void {
    if (this.#isBusy) this.#hasMissedChange = true;
    else void this.refresh();
  }

  /** Handles news from any device: this chat was deleted. */
  noteDeleted(): void {
    this.#set({ isDeleted: true, isLost: false });
    void this.chat.stop();
  }

  /**
   * Wakes the chat's object, which the platform puts to sleep, so that the next message need not: by
   * asking for a live answer. News tells of one, so the response is not used.
   */
  wake(): void {
    if (!this.isSaved || this.#isBusy || this.#follower.isAnswering) return;
    const end = () => close();
    const observer = { onOpen: () => undefined, onEvent: end, onError: end, onEnd: end };
    const close = this.#options.port.subscribe({ chatId: this.chat.id }, observer);
  }

  /** Stops the live answer. Its text so far is kept. */
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
    // The session is not reading the answer, so it would miss the end.
    if (this.#follower.isAnswering) await this.refresh();
  }

  /** Notes that the unsent message is back in the composer. */
  takeUnsent(): void {
    this.#notSent.endHandingBack();
    this.#set({ unsent: null });
  }

  /** Hands a message to the composer. It is kept until the composer has it. */
  #handBack({ id, text, files }: Pick<UnsentMessage, "id" | "text" | "files">): void {
    this.#notSent.handBack(id);
    this.#set({ unsent: { text, files } });
  }

  #onTurnStarted(turn: SendOutput): void {
    this.#turn = turn;
    this.#unsettled.forget();
    this.#notSent.end();
    this.#hasBegun = true;
    setTimeout(() => this.#set({ isSaved: true }), showSavedMs);
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
      // Another device may have been faster, or the request may have arrived after all: show the
      // current state.
      const isKnown = await this.#loadNewest();
      const hasArrived = readError(error).errorCode === null && this.#follower.isAnswering;
      if (hasArrived) this.#set({ problem: null });
      this.#tellBegun(hasArrived);
      if (!isKnown) return;
    }
    await this.#readLiveTurn();
  }

  /** Checks whether an answer blocks an action, and reports it as the problem if so. */
  #refuseWhileAnswering(): boolean {
    const isAnswering = this.#follower.isAnswering || this.#turn !== null;
    if (isAnswering) this.#set({ problem: waitSentence });
    return isAnswering;
  }

  /** Reads the last message's turn until it has ended or cannot be reached. */
  async #readLiveTurn(): Promise<void> {
    await this.#follower.read();
    this.#tellEnd();
  }

  #tellEnd(): void {
    const streamId = this.#follower.answer?.metadata?.streamId ?? null;
    this.#options.events.onTurnEnded(this.chat.id, { streamId, isLost: this.state.isLost });
  }

  /** Removes an unsent message from the chat and hands it back to the composer. */
  async #takeBack(error: SendError): Promise<void> {
    this.chat.messages = this.chat.messages.filter(({ id }) => id !== error.messageId);
    this.chat.clearError();
    this.#unsettled.noteFailed(error);
    this.#handBack({ id: error.messageId, text: error.text, files: error.files });
    this.#report(error.cause);
    this.#tellBegun(false);
    // Another device was faster, or a message of ours that seemed lost has arrived: show the
    // current state.
    const isBusyElsewhere = readError(error.cause).errorCode === "CONFLICT";
    if (isBusyElsewhere && (await this.#loadNewest())) await this.#follower.read();
  }

  /**
   * Loads the chat's current state.
   *
   * @returns false when loading failed or the result is no longer wanted
   */
  async #loadNewest(isWanted?: () => boolean): Promise<boolean> {
    const look = await this.history.loadNewest(isWanted);
    if (look === "gone" && this.isSaved) this.noteDeleted();
    if (look === "loaded") this.#notSent.load();
    if (look === "logged-out") this.#options.events.onLoggedOut("page");
    return look === "loaded";
  }

  async #whileBusy(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    this.#workCount += 1;
    try {
      await work();
    } finally {
      this.#isBusy = false;
      this.#isStopWanted = false;
      this.#turn = null;
      this.#set({ isStopping: false, isSaved: this.isSaved });
    }
    const missed = this.#newsStreamId;
    const isChanged = this.#hasMissedChange;
    this.#newsStreamId = null;
    this.#hasMissedChange = false;
    const isMissed = missed !== null && missed !== this.#follower.answer?.metadata?.streamId;
    if (isMissed || isChanged) void this.refresh();
  }

  #report(error: unknown): void {
    const { text, isDayUsed, isStorageFull, fields } = readError(error);
    if (isSessionError(error)) this.#options.events.onLoggedOut("user");
    if (fields.modelId !== undefined) this.#options.events.onModelRefused?.();
    this.#set({ problem: text, isDayUsed, isStorageFull });
  }

  #set(change: Partial<ChatState>): void {
    // The flags belong to one problem; a new one, or null, resets them.
    const flags = "problem" in change && { isDayUsed: false, isStorageFull: false };
    const next = { ...this.state, ...flags, ...change };
    const keys = Object.keys(next) as (keyof ChatState)[];
    // A page that draws what has not changed delays the first word.
    if (keys.some((key) => next[key] !== this.state[key])) this.store.set(next);
  }
}
