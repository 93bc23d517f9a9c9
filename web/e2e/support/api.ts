import { randomUUID } from "node:crypto";

/** A client of a stack without a browser. */
export interface ApiUser {
  /** The session's cookie, as a `Cookie` header has it. */
  readonly cookie: string;
  /** Calls a procedure that changes something. @throws Error with the response, when it is refused */
  change<Output>(procedure: string, input: unknown): Promise<Output>;
  /** Calls a procedure that reads something. @throws Error like `change` */
  read<Output>(procedure: string): Promise<Output>;
  /** The same user at another address of the stack. */
  at(url: string): ApiUser;
}

const newCredentials = () => ({
  email: `${randomUUID()}@example.com`,
  password: "tea before noon",
});

/** Signs up a new user. @param url the stack's address */
export async function signUpByApi(url: string, credentials = newCredentials()): Promise<ApiUser> {
  const { response } = await post(url, "", "auth.signUp", credentials);
  const [cookie = ""] = response.headers.getSetCookie().map((text) => text.split(";")[0] ?? "");
  return userAt(url, cookie);
}

function userAt(url: string, cookie: string): ApiUser {
  return {
    cookie,
    change: async (procedure, input) => {
      const { text } = await post(url, cookie, procedure, input);
      return JSON.parse(text).result.data;
    },
    read: async (procedure) => {
      const response = await fetch(`${url}/trpc/${procedure}`, { headers: { cookie } });
      const text = await response.text();
      if (!response.ok) throw new Error(`${procedure}: ${text}`);
      return JSON.parse(text).result.data;
    },
    at: (otherUrl) => userAt(otherUrl, cookie),
  };
}

async function post(url: string, cookie: string, procedure: string, input: unknown) {
  const response = await fetch(`${url}/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...(cookie && { cookie }) },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${procedure}: ${text}`);
  return { response, text };
}

/** An import with one chat of so many messages, of which each has its number in its text. */
export function chatToImport(messageCount: number) {
  const ids = Array.from({ length: messageCount }, () => randomUUID());
  const messages = ids.map((id, index) => ({
    id,
    parentId: ids[index - 1] ?? null,
    role: index % 2 === 0 ? "user" : "assistant",
    parts: [{ type: "text", text: `This is message ${index + 1}.` }],
    ...{ status: "complete", modelId: null, inputTokens: null, outputTokens: null },
    ...{ errorCode: null, vote: null, createdAt: 1 + index, finishedAt: null },
  }));
  const chat = {
    ...{ id: randomUUID(), title: "Far away", titleSource: "owner", pinnedAt: null },
    ...{ createdAt: 1, updatedAt: 1, currentMessageId: ids.at(-1), messages },
  };
  return { data: { format: "alleato-chat", version: 1, chats: [chat] } };
}
