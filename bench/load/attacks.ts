/** What a guest may do that costs the most, each until it is told to stop. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { chatFile, chinese, word } from "../lib/chat-file.ts";
import type { Person } from "../lib/person.ts";

/** Counts of responses by their status. */
export type Outcomes = Map<number, number>;

export interface Attack {
  readonly name: string;
  /** Resolves soon after `signal` aborts. @returns what the server answered */
  run(signal: AbortSignal): Promise<Outcomes>;
}

/** Reads of shared chats that one address may make in a minute, as in wrangler.toml. */
const sharedReadsPerMinute = 600;
const inParallel = 4;
const bodyBytes = 100_000_000;
const bodyPieceBytes = 1_000_000;
const subscriptionsTried = 300;

/** Repeats a request in several lines at once until the end. */
async function repeat(
  signal: AbortSignal,
  lines: number,
  request: () => Promise<Response>,
  pauseMs = 0,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const line = async () => {
    while (!signal.aborted) {
      const startedAt = performance.now();
      const status = await statusOf(request());
      outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      const left = pauseMs - (performance.now() - startedAt);
      // A refusal is immediate, and so many of them measure only this process.
      await delay(Math.max(left, status >= 400 ? 50 : 0));
    }
  };
  await Promise.all(Array.from({ length: lines }, line));
  return outcomes;
}

/** @returns the status once the body is read; 0 for a connection that was closed */
async function statusOf(request: Promise<Response>): Promise<number> {
  try {
    const response = await request;
    for await (const _ of response.body ?? []);
    return response.status;
  } catch {
    return 0;
  }
}

/** Imports the largest file, one after the other, of many short messages or of few long ones. */
export function importing(guest: Person, messageCount: number, bytes: number): Attack {
  const file = chatFile({ messageCount, textOf: () => chinese(bytes / messageCount) });
  const name = `import of ${messageCount} messages, ${(Buffer.byteLength(file) / 1e6).toFixed(1)} MB`;
  return {
    name,
    run: (signal) => repeat(signal, 1, () => guest.post("chats.import", file)),
  };
}

/** Copies a chat again and again; sixty copies a minute are allowed. */
export function forking(guest: Person, chatId: string): Attack {
  const copy = () => guest.post("chats.fork", JSON.stringify({ chatId, newChatId: randomUUID() }));
  return { name: "forks, back to back", run: (signal) => repeat(signal, 1, copy) };
}

/** Searches for a word that is everywhere. */
export function searching(guest: Person): Attack {
  const query = new URLSearchParams({ input: JSON.stringify({ query: word, limit: 50 }) });
  const search = () => fetch(`${guest.url}/trpc/chats.search?${query}`, { headers: guest.headers });
  return {
    name: `searches, ${inParallel} at once`,
    run: (signal) => repeat(signal, inParallel, search),
  };
}

/** Opens the page of a shared chat with hostile texts, as often as an address may. */
export function rendering(url: string, chatId: string): Attack {
  const pauseMs = (60_000 / sharedReadsPerMinute) * inParallel;
  const open = () => fetch(`${url}/share/${chatId}`);
  return {
    name: `share page of hostile texts, ${sharedReadsPerMinute} a minute`,
    run: (signal) => repeat(signal, inParallel, open, pauseMs),
  };
}

/** Opens subscriptions and holds what it gets. */
export function subscribing(guest: Person): Attack {
  return {
    name: `${subscriptionsTried} subscriptions`,
    async run(signal) {
      const outcomes: Outcomes = new Map();
      const open = async () => {
        // A refusal comes as an event.
        let status = 200;
        try {
          const headers = { ...guest.headers, accept: "text/event-stream" };
          const response = await fetch(`${guest.url}/trpc/chats.watch`, { headers, signal });
          status = response.status;
          for await (const piece of response.body ?? []) {
            if (!new TextDecoder().decode(piece).includes("RATE_LIMITED")) continue;
            status = 429;
            break;
          }
        } catch {
          // The end of the attack closes what is open.
          if (!signal.aborted) status = 0;
        }
        outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      };
      await Promise.all(Array.from({ length: subscriptionsTried }, open));
      return outcomes;
    },
  };
}

/** Sends bodies of 100 MB, without a session and without a length. */
export function flooding(url: string): Attack {
  const piece = new TextEncoder().encode(`[${"0,".repeat(bodyPieceBytes / 2)}`);
  const send = () => {
    let left = bodyBytes;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        left -= piece.length;
        controller.enqueue(piece);
      },
    });
    return fetch(`${url}/trpc/auth.logIn`, {
      method: "POST",
      headers: { origin: url, "content-type": "application/json" },
      body,
      duplex: "half",
    } as RequestInit);
  };
  return {
    name: "bodies of 100 MB without a session, 3 at once",
    run: (signal) => repeat(signal, 3, send),
  };
}

/** Everything at once. */
export function together(attacks: readonly Attack[]): Attack {
  return {
    name: "all of these at once",
    async run(signal) {
      const outcomes: Outcomes = new Map();
      const all = await Promise.all(attacks.map((attack) => attack.run(signal)));
      for (const [status, count] of all.flatMap((one) => [...one])) {
        outcomes.set(status, (outcomes.get(status) ?? 0) + count);
      }
      return outcomes;
    },
  };
}
