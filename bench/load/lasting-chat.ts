import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Person } from "../lib/person.ts";

interface Message {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly status: string;
  readonly parts: readonly { readonly text?: string }[];
}

/** The pause between two messages, so that a run stays within the day's limit. */
const pauseMs = 500;
const messagesMax = 90;
const question = "count to 20";
/** The end of the demo model's answer. */
const answerEnd = "20";

/** A chat in which a user writes all the time, to see whether anything is lost. */
export class LastingChat {
  readonly #person: Person;
  readonly #chatId = randomUUID();
  readonly #sent: string[] = [];
  #isEnding = false;
  #writing: Promise<void> | undefined;

  private constructor(person: Person) {
    this.#person = person;
  }

  static async begin(person: Person): Promise<LastingChat> {
    const chat = new LastingChat(person);
    await chat.#write();
    chat.#writing = chat.#writeOn();
    // A failure is reported by `end`.
    chat.#writing.catch(() => undefined);
    return chat;
  }

  /** @returns how many messages were accepted, and how many of them are there with their answers */
  async end(): Promise<{ sent: number; kept: number }> {
    this.#isEnding = true;
    await this.#writing;
    const messages = await this.#readAll();
    const kept = this.#sent.filter((id) => {
      const index = messages.findIndex((message) => message.id === id);
      const answer = messages[index + 1];
      const text = answer?.parts.map((part) => part.text ?? "").join("") ?? "";
      return index >= 0 && answer?.status === "complete" && text.includes(answerEnd);
    });
    return { sent: this.#sent.length, kept: kept.length };
  }

  async #writeOn(): Promise<void> {
    while (!this.#isEnding && this.#sent.length < messagesMax) {
      await this.#write();
      await delay(pauseMs);
    }
  }

  /** Writes a message and waits for the end of its answer. */
  async #write(): Promise<void> {
    const id = randomUUID();
    const message = { id, parts: [{ type: "text", text: question }] };
    const chatId = this.#chatId;
    await this.#person.change("messages.send", { chatId, message });
    this.#sent.push(id);
    for (;;) {
      const { items } = await this.#list({ chatId, limit: 1 });
      if (items.at(-1)?.status !== "streaming") return;
      await delay(100);
    }
  }

  async #readAll(): Promise<Message[]> {
    const messages: Message[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#list({ chatId: this.#chatId, limit: 200, cursor });
      messages.unshift(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return messages;
  }

  #list(input: unknown): Promise<{ items: Message[]; nextCursor: string | null }> {
    return this.#person.ask("messages.list", input);
  }
}
