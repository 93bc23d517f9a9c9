import type { Chat } from "@ai-sdk/react";
import { type ChatMessage, messageStatus } from "../../messages/message.ts";
import { lastAnswer } from "../../messages/wanted-turn.ts";
import type { ChatState } from "./chat-state.ts";

/** How often in a row an answer that cannot be read is asked for, and how far apart, in ms. */
const maxResumes = 3;
const resumeAfterMs = 1_000;
/** From here on, in ms, the person is told that the page waits for the server. */
const tellAfterMs = 1_000;

/** What following a turn needs of the session. */
export interface FollowerHost {
  set(change: Pick<Partial<ChatState>, "isReconnecting">): void;
  /** Shows how the chat stands. @returns false when that could not be asked */
  loadNewest(): Promise<boolean>;
  /** The answer may go on, but cannot be read here. */
  lose(): void;
}

/** Reads the answer of a chat's last turn to its end. */
export class TurnFollower {
  readonly #chat: Chat<ChatMessage>;
  readonly #host: FollowerHost;

  constructor(chat: Chat<ChatMessage>, host: FollowerHost) {
    this.#chat = chat;
    this.#host = host;
  }

  /** The chat's last message, when that is an answer. */
  get answer(): ChatMessage | undefined {
    return lastAnswer(this.#chat.messages);
  }

  /** True while the last answer, as it is shown, has not ended. */
  get isAnswering(): boolean {
    const { answer } = this;
    return answer !== undefined && messageStatus(answer) === "streaming";
  }

  /** Reads the last answer until it has ended, or cannot be reached. */
  async read(): Promise<void> {
    for (let resumes = 0; this.isAnswering; resumes += 1) {
      if (resumes === maxResumes) return this.#host.lose();
      if (resumes > 0) await new Promise((resolve) => setTimeout(resolve, resumeAfterMs));
      const streamId = this.answer?.metadata?.streamId ?? undefined;
      await this.#chat.resumeStream({ metadata: { streamId } });
      if (!this.#chat.error && !this.isAnswering) return;
      this.#chat.clearError();
      if (!(await this.#lookAfterLoss())) return this.#host.lose();
    }
  }

  /** After a stream of any end: makes sure that what is shown is how the answer stands. */
  async settle(): Promise<void> {
    if (!this.#chat.error && !this.isAnswering) return;
    this.#chat.clearError();
    if (await this.#lookAfterLoss()) await this.read();
    else this.#host.lose();
  }

  /** Asks how an answer stands that could not be read to its end. */
  async #lookAfterLoss(): Promise<boolean> {
    const timer = setTimeout(() => this.#host.set({ isReconnecting: true }), tellAfterMs);
    const hasAnswered = await this.#host.loadNewest();
    clearTimeout(timer);
    this.#host.set({ isReconnecting: false });
    return hasAnswered;
  }
}
