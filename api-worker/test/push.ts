/** Browsers with subscriptions, and push services, for tests of pushed notifications. */
import { env } from "cloudflare:workers";
import { createHomeDb, type UserRow } from "db";
import { inject, vi } from "vitest";
import type { EndedAnswer } from "../src/features/notifications/push-answer.ts";
import { newId } from "../src/platform/ids.ts";
import { isPushService } from "../src/platform/outbound.ts";

/** Keys that a browser has made once. */
export const browserKeys = {
  p256dh: "BJgzIFY5cYmnB7MvqDuFRQAy3k6DYiQTMyoIwUF7wNZS0PHpFo48D8Dr8GAVXDiFrqbup1RJqZwORrhXAtRjYDs",
  auth: "siUqVWQ-xW4Vap-KRirQrg",
};

/** A subscription whose messages nothing decrypts. */
export const subscriptionAt = (host = "fcm.googleapis.com") => ({
  endpoint: `https://${host}/send/${newId()}`,
  keys: browserKeys,
});

/** A user's stored subscriptions. */
export const subscriptionsOf = (userId: string) =>
  createHomeDb(env.HOME)
    .kysely.selectFrom("pushSubscriptions")
    .selectAll()
    .where("userId", "=", userId)
    .execute();

/** An answer that has just ended in a user's chat. */
export const endedAnswer = (
  user: Pick<UserRow, "id" | "contentShard">,
  chat: { readonly id: string },
): EndedAnswer => ({
  ...{ userId: user.id, chatId: chat.id, contentShard: user.contentShard, turnId: newId() },
  status: "complete",
  parts: JSON.stringify([{ type: "text", text: "**Rayleigh** scattering." }]),
});

/** A request to a push service, as it was sent. */
export interface Push {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Answers requests to push services; other requests are made as usual. The global `fetch` is
 * restored after the test file, or by `vi.unstubAllGlobals`.
 *
 * @returns the requests so far
 */
export function asPushService(answer: (push: Push) => Response | Promise<Response>): Push[] {
  const pushes: Push[] = [];
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    if (!isPushService(request.url)) return fetch(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    const push = { url: request.url, headers: request.headers, body };
    pushes.push(push);
    return answer(push);
  });
  return pushes;
}

/** A browser of the push service beside the test run, which checks and decrypts its messages. */
export interface RealBrowser {
  readonly subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  /** The messages that have arrived, decrypted. */
  messages(): Promise<unknown[]>;
  /** As if the user had turned notifications off in the browser. */
  expire(): Promise<unknown>;
}

/** Subscribes a browser. Its messages go to the service by {@link deliver}. */
export async function realBrowser(): Promise<RealBrowser> {
  const data = await call("/subscribe", {
    userVisibleOnly: "true",
    applicationServerKey: env.VAPID_PUBLIC_KEY,
  });
  const { clientHash, keys } = data as { clientHash: string } & RealBrowser["subscription"];
  return {
    subscription: { endpoint: `https://web.push.apple.com/${clientHash}`, keys },
    messages: async () => {
      const { messages } = (await call("/get-notifications", { clientHash })) as {
        messages: string[];
      };
      return messages.map((text) => JSON.parse(text));
    },
    expire: () =>
      fetch(`${inject("pushUrl")}/expire-subscription/${clientHash}`, { method: "POST" }),
  };
}

async function call(path: string, input: unknown): Promise<unknown> {
  const response = await fetch(`${inject("pushUrl")}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const { data, error } = await response.json<{ data: unknown; error?: { message: string } }>();
  if (error) throw new Error(error.message);
  return data;
}

/** Takes a message to the push service beside the test run, as the network would. */
export function deliver({ url, headers, body }: Push): Promise<Response> {
  const { pathname } = new URL(url);
  return fetch(`${inject("pushUrl")}/notify${pathname}`, { method: "POST", headers, body });
}
