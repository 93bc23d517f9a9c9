/**
 * Measures how long every list of administration and the overview take on a large site: 100,000
 * users, 300,000 chats and 1,000,000 messages in a local storage. The production build runs under the
 * local runtime, and an administrator asks over HTTP. It prints a table for docs/benchmarks.md.
 *
 *   node bench/admin/main.ts                 the large site
 *   node bench/admin/main.ts 1000 3000 10000 a smaller one, to try it
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { demoPassword } from "../../db/factories.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import { Person } from "../lib/person.ts";
import { describeMachine } from "../streams/machine.ts";
import { median } from "../streams/statistics.ts";
import { adminEmail, fillStorage, idOf, type Size } from "./seed.ts";

const [users = 100_000, chats = 300_000, messages = 1_000_000] = process.argv.slice(2).map(Number);
const size: Size = { users, chats, messages };
/** Each call is made so often, after once that does not count. */
const runs = 15;
const medianMaxMs = 300;
/** A page deep in a list is so many pages after the first. */
const deepPages = 20;

type Input = Readonly<Record<string, unknown>>;

/** The user with the most chats, documents and files. */
const heavy = idOf("user", 0);

/** Every list of administration, in each of its forms, with the pages about one user. */
const calls: Readonly<Record<string, readonly Input[]>> = {
  "stats.overview": [{ days: 7 }, { days: 30 }, { days: 90 }],
  "users.list": [
    ...["accounts", "guests", "admins", "disabled"].flatMap((kind) =>
      ["newest", "oldest", "email"].map((sort) => ({ kind, sort })),
    ),
    ...["user9", "name 5", "@42.example", idOf("user", 7), "none at all"].map((search) => ({
      search,
    })),
  ],
  "users.get": [{ userId: heavy }],
  "users.usage": [{ userId: heavy, days: 90 }],
  "users.access": [{ userId: heavy }],
  "users.documents": [{ userId: heavy }],
  "users.files": [{ userId: heavy }],
  "chats.list": [
    {},
    { user: heavy },
    { user: "user7@7.example" },
    { title: "sea" },
    { title: "no chat is called this" },
    { status: "failed" },
    { modelId: "model-3" },
    { chatId: idOf("chat", 12_345 % chats) },
  ],
  "streams.live": [{}],
  "streams.ended": [{}],
  "votes.byDay": [{ days: 90 }],
  "votes.list": [
    {},
    { vote: "down" },
    { modelId: "model-3" },
    { modelId: "model-3", vote: "down" },
  ],
  "invites.list": [{}],
  "settings.get": [{}],
  "audit.list": [
    {},
    { action: "chat.open" },
    { actor: adminEmail },
    { about: heavy },
    { action: "chat.open", about: heavy, actor: adminEmail },
  ],
};

async function measure(admin: Person, procedure: string, input: Input) {
  await admin.ask(`admin.${procedure}`, input);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const from = performance.now();
    await admin.ask(`admin.${procedure}`, input);
    times.push(performance.now() - from);
  }
  return { median: median(times), worst: Math.max(...times) };
}

interface Page {
  readonly nextCursor?: string | null;
}

/** The input for a page deep in a list; null when the list has no so many pages. */
async function findDeep(admin: Person, procedure: string, input: Input): Promise<Input | null> {
  let page = await admin.ask<Page>(`admin.${procedure}`, input);
  for (let read = 0; read < deepPages; read += 1) {
    if (page.nextCursor == null) return null;
    page = await admin.ask<Page>(`admin.${procedure}`, { ...input, cursor: page.nextCursor });
  }
  return page.nextCursor == null ? null : { ...input, cursor: page.nextCursor };
}

const stateDir = mkdtempSync(join(tmpdir(), "bench-admin-"));
let seconds = 0;
const fill = async (directory: string) => {
  const from = performance.now();
  fillStorage(directory, size, (what) => console.error(what));
  seconds = (performance.now() - from) / 1_000;
};
const stack = await startStack({ port: await findFreePort(), stateDir, fill });
try {
  const admin = await Person.logIn(stack.url, adminEmail, demoPassword);
  console.log(`${describeMachine()}\n`);
  console.log(`Seeding took ${seconds.toFixed(0)} s. Load: ${loadavg()[0]?.toFixed(1)}.\n`);
  console.log("| procedure | input | median ms | worst ms |");
  console.log("|---|---|---:|---:|");
  const exceeded: string[] = [];
  const report = async (procedure: string, input: Input, text: string) => {
    const { median: middle, worst } = await measure(admin, procedure, input);
    console.log(`| \`${procedure}\` | ${text} | ${middle.toFixed(0)} | ${worst.toFixed(0)} |`);
    if (middle > medianMaxMs) exceeded.push(`${procedure} ${text}`);
  };
  for (const [procedure, inputs] of Object.entries(calls)) {
    for (const input of inputs) {
      const text = JSON.stringify(input).replaceAll('"', "").replaceAll(",", ", ").slice(1, -1);
      await report(procedure, input, text);
      const deep = await findDeep(admin, procedure, input);
      if (deep) await report(procedure, deep, `${text} (page ${deepPages + 2})`);
    }
  }
  console.log(
    exceeded.length > 0
      ? `\nSlower than ${medianMaxMs} ms: ${exceeded.join("; ")}`
      : `\nEach within ${medianMaxMs} ms.`,
  );
  process.exitCode = exceeded.length > 0 ? 1 : 0;
} catch (error) {
  console.error(stack.lastLines());
  throw error;
} finally {
  await stack.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
