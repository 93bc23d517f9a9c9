import type { Chat } from "@ai-sdk/react";
import { type ChatMessage, messageStatus } from "../../messages/message.ts";
import { lastAnswer } from "../../messages/wanted-turn.ts";
import type { ChatState } from "./chat-state.ts";

/**
 * How often in a row an unreadable answer is requested again, and the wait between tries, in ms.
 */
const maxResumes = 3;
const resumeAfterMs = 1_000;
/** After this long, in ms, the user is told that the page is waiting for the server. */
const tellAfterMs = 1_000;

/** What the follower uses of its session. */
export interface FollowerHost {
  set(change: Pick<Partial<ChatState>, "isReconnecting">): void;
  /**
   * Loads the chat's current state.
   *
   * @returns false when that failed
   */
  loadNewest(): Promise<boolean>;
  /** Marks the answer as lost: the turn may still be running, but cannot be read here. */
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

  /** The chat's last message if it is an answer. */
  get answer(): ChatMessage | undefined {
    return lastAnswer(this.#chat.messages);
  }

  /** Whether the last answer, as shown, has not ended. */
  get isAnswering(): boolean {
    const { answer } = this;
    return answer !== undefined && messageStatus(answer) === "streaming";
  }

  /** Reads the last answer until it has ended or cannot be reached. */
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

  /**
   * Runs after a stream has ended in any way: makes sure that the answer is shown in its current
   * state.
   */
  async settle(): Promise<void> {
    if (!this.#chat.error && !this.isAnswering) return;
    this.#chat.clearError();
    if (await this.#lookAfterLoss()) await this.read();
    else this.#host.lose();
  }

  /**
   * Loads the state of an answer that could not be read to its end.
   *
   * @returns false when that failed
   */
  async #lookAfterLoss(): Promise<boolean> {
    const timer = setTimeout(() => this.#host.set({ isReconnecting: true }), tellAfterMs);
    const hasAnswered = await this.#host.loadNewest();
    clearTimeout(timer);
    this.#host.set({ isReconnecting: false });
    return hasAnswered;
  }
}
