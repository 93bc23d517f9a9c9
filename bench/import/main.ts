/**
 * Measures another person's `chats.list` while one imports the largest chats that are allowed, in
 * Chinese, while the search index takes them over, and while others copy the largest shared chats
 * that can be copied, back to back. The worker runs alone under the local runtime,
 * which has one thread for everything: on the platform less waits for less.
 *
 *   node bench/import/main.ts
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { startWorker } from "../../scripts/lib/worker.ts";

const sentence = "我想了解机器学习的基础知识，请用简单的话解释一下这些概念。";
const word = "机器学习";
/** How long the other person waits between two lists, in ms. */
const listEveryMs = 10;

const sizes = [
  { messageCount: 20_000, repeats: 4 },
  { messageCount: 300, repeats: 500 },
];

/** The largest branches that can be copied: by their messages, and by their bytes. */
const forkSizes = [
  { messageCount: 5_000, repeats: 27 },
  { messageCount: 300, repeats: 450 },
];
/** Copies by each person, which together stay within the bytes of a minute. */
const forksEach = 2;
const forkers = 3;

/** A file with one chat. */
function makeFile({ messageCount, repeats }: (typeof sizes)[number]): string {
  const ids = Array.from({ length: messageCount }, () => randomUUID());
  const messages = ids.map((id, index) => ({
    id,
    parentId: ids[index - 1] ?? null,
    role: index % 2 === 0 ? "user" : "assistant",
    parts: [{ type: "text", text: sentence.repeat(repeats) }],
    status: "complete",
    modelId: null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    vote: null,
    createdAt: 1 + index,
    finishedAt: null,
  }));
  const chat = {
    id: randomUUID(),
    title: word,
    titleSource: "owner",
    pinnedAt: null,
    createdAt: 1,
    updatedAt: 1,
    currentMessageId: ids.at(-1),
    messages,
  };
  return JSON.stringify({ data: { format: "alleato-chat", version: 1, chats: [chat] } });
}

/** A person who is logged in. */
class Person {
  readonly #url: string;
  #cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  async signUp(): Promise<void> {
    const response = await fetch(`${this.#url}/trpc/auth.signUp`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#url },
      body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: "correct horse" }),
    });
    if (!response.ok) throw new Error(await response.text());
    [this.#cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  }

  /** Imports a file, of which nothing may be refused. */
  async import(body: string): Promise<string> {
    const text = await this.change("chats.import", body);
    if (!text.includes('"failures":[]')) throw new Error(text.slice(0, 500));
    return text;
  }

  async change(procedure: string, body: string): Promise<string> {
    const response = await fetch(`${this.#url}/trpc/${procedure}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: this.#url,
        cookie: this.#cookie,
      },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text.slice(0, 500));
    return text;
  }

  async ask<Output>(procedure: string, input: unknown): Promise<Output> {
    const query = new URLSearchParams({ input: JSON.stringify(input) });
    const response = await fetch(`${this.#url}/trpc/${procedure}?${query}`, {
      headers: { cookie: this.#cookie },
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { result: { data: Output } }).result.data;
  }
}

/** Does the work, with the other person's lists beside it, and prints how long all took. */
async function measure(what: string, other: Person, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  let isOver = false;
  const end = work().finally(() => {
    isOver = true;
  });
  const times: number[] = [];
  while (!isOver) {
    const from = performance.now();
    await other.ask("chats.list", {});
    times.push(Math.round(performance.now() - from));
    await delay(listEveryMs);
  }
  await end;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  times.sort((a, b) => b - a);
  const [worst, second] = times;
  const median = times[Math.floor(times.length / 2)];
  console.log(
    `${what}: ${seconds} s; ${times.length} lists, median ${median} ms, worst ${worst} and ${second} ms`,
  );
}

/** Copies a chat again and again, each copy right after the one before. */
async function forkAgain(person: Person, chatId: string | undefined): Promise<void> {
  for (let count = 0; count < forksEach; count += 1) {
    await person.change("chats.fork", JSON.stringify({ chatId }));
  }
}

const directory = mkdtempSync(join(tmpdir(), "bench-import-"));
const port = await findFreePort();
const worker = await startWorker({ port, stateDir: directory, withoutRateLimits: true });
try {
  for (const size of sizes) {
    const [importer, other] = [new Person(worker.url), new Person(worker.url)];
    await Promise.all([importer.signUp(), other.signUp()]);
    const file = makeFile(size);
    const megabytes = (Buffer.byteLength(file) / 1e6).toFixed(1);
    console.log(`A chat of ${size.messageCount} messages, ${megabytes} MB`);
    await measure("  at rest", other, () => delay(2_000));
    await measure("  import", other, () => importer.import(file));
    await measure("  index", other, async () => {
      for (;;) {
        const { items, isComplete = items.length > 0 } = await importer.ask<{
          items: unknown[];
          isComplete?: boolean;
        }>("chats.search", { query: word });
        if (isComplete) break;
      }
    });
  }
  for (const size of forkSizes) {
    const [author, other] = [new Person(worker.url), new Person(worker.url)];
    await Promise.all([author.signUp(), other.signUp()]);
    const file = makeFile(size);
    const megabytes = (Buffer.byteLength(file) / 1e6).toFixed(1);
    const [, chatId] = /"chatId":"([^"]+)"/.exec(await author.import(file)) ?? [];
    const visibility = "public";
    await author.change("chats.setVisibility", JSON.stringify({ chatId, visibility }));
    const [first, ...readers] = await Promise.all(
      Array.from({ length: 1 + forkers }, async () => {
        const reader = new Person(worker.url);
        await reader.signUp();
        return reader;
      }),
    );
    console.log(`A shared chat of ${size.messageCount} messages, ${megabytes} MB`);
    await measure(`  ${forksEach} forks by one person`, other, async () => {
      if (first) await forkAgain(first, chatId);
    });
    await measure(`  ${forksEach} forks by each of ${forkers} at once`, other, () =>
      Promise.all(readers.map((reader) => forkAgain(reader, chatId))),
    );
  }
} finally {
  await worker.stop();
  rmSync(directory, { recursive: true, force: true });
}
