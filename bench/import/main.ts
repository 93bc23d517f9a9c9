/**
 * Measures another person's `chats.list` while one imports the largest chats that are allowed, in
 * Chinese, while the search index takes them over, and while others copy the largest shared chats
 * that can be copied, back to back. The worker runs alone under the local runtime,
 * which has one thread for everything: on the platform less waits for less.
 *
 *   node bench/import/main.ts
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { startWorker } from "../../scripts/lib/worker.ts";
import { chatFile, sentence, word } from "../lib/chat-file.ts";
import { Person } from "../lib/person.ts";

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
  return chatFile({ messageCount, textOf: () => sentence.repeat(repeats) });
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
async function forkAgain(person: Person, chatId: string): Promise<void> {
  for (let count = 0; count < forksEach; count += 1) {
    await person.change("chats.fork", { chatId });
  }
}

const directory = mkdtempSync(join(tmpdir(), "bench-import-"));
const port = await findFreePort();
const worker = await startWorker({ port, stateDir: directory, withoutRateLimits: true });
try {
  for (const size of sizes) {
    const [importer, other] = [await Person.signUp(worker.url), await Person.signUp(worker.url)];
    const file = makeFile(size);
    const megabytes = (Buffer.byteLength(file) / 1e6).toFixed(1);
    console.log(`A chat of ${size.messageCount} messages, ${megabytes} MB`);
    await measure("  at rest", other, () => delay(2_000));
    await measure("  import", other, () => importer.importChat(file));
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
    const [author, other] = [await Person.signUp(worker.url), await Person.signUp(worker.url)];
    const file = makeFile(size);
    const megabytes = (Buffer.byteLength(file) / 1e6).toFixed(1);
    const chatId = await author.importChat(file);
    const visibility = "public";
    await author.change("chats.setVisibility", { chatId, visibility });
    const [first, ...readers] = await Promise.all(
      Array.from({ length: 1 + forkers }, () => Person.signUp(worker.url)),
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
