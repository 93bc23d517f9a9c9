import { randomUUID } from "node:crypto";

/** A call without a response by then has failed: nothing that is measured takes so long. */
const callMaxMs = 60_000;

/** A browser with its session. */
export class Person {
  readonly url: string;
  #cookie = "";

  private constructor(url: string) {
    this.url = url;
  }

  static async signUp(url: string): Promise<Person> {
    const person = new Person(url);
    const email = `${randomUUID()}@example.com`;
    await person.change("auth.signUp", { email, password: "tea before noon" });
    return person;
  }

  static async logIn(url: string, email: string, password: string): Promise<Person> {
    const person = new Person(url);
    await person.change("auth.logIn", { email, password });
    return person;
  }

  static async guest(url: string): Promise<Person> {
    const person = new Person(url);
    await person.change("auth.startGuest", undefined);
    return person;
  }

  get headers(): Record<string, string> {
    return { origin: this.url, cookie: this.#cookie };
  }

  /** Calls a procedure that changes something. @throws Error with the response, if it is refused */
  async change<Output>(procedure: string, input: unknown): Promise<Output> {
    return this.#send(procedure, JSON.stringify(input));
  }

  /**
   * Imports a file with one chat.
   *
   * @returns the id of the chat
   * @throws Error when the worker refuses the file or its chat
   */
  async importChat(file: string): Promise<string> {
    const { imported, failures } = await this.#send<{
      imported: { chatId: string }[];
      failures: { message: string }[];
    }>("chats.import", file);
    const [chat] = imported;
    if (!chat || failures.length > 0) throw new Error(failures[0]?.message);
    return chat.chatId;
  }

  async #send<Output>(procedure: string, body: string | undefined): Promise<Output> {
    const response = await this.post(procedure, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${procedure}: ${text.slice(0, 300)}`);
    const [cookie = ""] = response.headers.getSetCookie();
    if (cookie) [this.#cookie = ""] = cookie.split(";");
    return (JSON.parse(text) as { result: { data: Output } }).result.data;
  }

  post(procedure: string, body: string | undefined): Promise<Response> {
    return fetch(`${this.url}/trpc/${procedure}`, {
      method: "POST",
      headers: { ...this.headers, "content-type": "application/json" },
      ...(body !== undefined && { body }),
    });
  }

  async ask<Output>(procedure: string, input: unknown): Promise<Output> {
    const query = new URLSearchParams({ input: JSON.stringify(input) });
    const { headers } = this;
    const response = await fetch(`${this.url}/trpc/${procedure}?${query}`, {
      headers,
      signal: AbortSignal.timeout(callMaxMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${procedure}: ${text.slice(0, 300)}`);
    return (JSON.parse(text) as { result: { data: Output } }).result.data;
  }
}
