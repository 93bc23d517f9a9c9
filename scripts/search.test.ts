import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bundleWorker } from "./lib/build.ts";
import { startOperator } from "./lib/cloudflare/stand-in-operator.ts";
import { openLocalDatabases } from "./lib/d1.ts";
import { fromRoot, nodePath, rootDir } from "./lib/paths.ts";
import { findFreePort } from "./lib/ports.ts";
import { givenPreparation } from "./lib/prepare.ts";
import { requestRebuild } from "./lib/rebuild-requests.ts";
import { rebuildLocally } from "./lib/rebuild-search.ts";
import { seedLocally } from "./lib/seed.ts";
import type { Settings } from "./lib/settings.ts";
import { databaseFiles, makeEmptyStorage } from "./lib/test-storage.ts";
import { serveWorker } from "./lib/worker.ts";
import { registryDir, storageDir } from "./lib/wrangler.ts";

const directory = mkdtempSync(join(tmpdir(), "search-rebuild-"));
const stateDir = join(directory, "state");
let bundle: string;
let settings: Settings;

beforeAll(async () => {
  await makeEmptyStorage(stateDir);
  await seedLocally(stateDir);
  bundle = givenPreparation()?.build.worker ?? (await bundleWorker(join(directory, "build")));
  settings = { stateDir, webPort: await findFreePort(), apiPort: await findFreePort() };
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Rebuilds, and returns what is printed. */
async function rebuild(email?: string): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  await rebuildLocally(settings, { email, print, ending: new AbortController().signal }, bundle);
  return lines;
}

/** Runs a statement on each database file, and returns the rows of each. */
function onFiles(files: readonly string[], statement: string) {
  return files.map((file) => {
    const database = new DatabaseSync(file);
    const rows = database.prepare(statement).all();
    database.close();
    return rows;
  });
}

const indexFiles = () =>
  globSync(join(storageDir(stateDir), "do/*-SearchObject/*.sqlite")).filter(
    (file) => !file.endsWith("metadata.sqlite"),
  );

const readWaiting = () =>
  onFiles(databaseFiles(stateDir), "SELECT scope, count(*) AS n FROM searchChanges GROUP BY scope");

/** Makes every entry of every index lead nowhere. */
function damageIndexes(): void {
  onFiles(indexFiles(), "UPDATE entries SET id = 'damaged-' || rowId");
}

/** How many entries each index has, and how many of them are damaged; the larger index first. */
const readIndexes = () =>
  onFiles(
    indexFiles(),
    "SELECT count(*) AS entries, coalesce(sum(id LIKE 'damaged-%'), 0) AS damaged FROM entries",
  )
    .flat()
    .map(({ entries, damaged }) => [Number(entries), Number(damaged)] as const)
    .sort(([left], [right]) => right - left);

/** Titles and messages of the seed. */
const adasEntries = 3 + 8;
const gracesEntries = 1 + 2;

/** What the worker finds for a demo user. */
async function search(url: string, email: string, query: string): Promise<unknown[]> {
  const call = async (procedure: string, input: unknown, cookie = "") => {
    const response = await fetch(`${url}/trpc/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url, cookie },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${procedure}: ${await response.text()}`);
    return response;
  };
  const loggedIn = await call("auth.logIn", { email, password: "tea before noon" });
  const [cookie] = (loggedIn.headers.get("set-cookie") ?? "").split(";");
  const found = await call("chats.search", { query }, cookie);
  const { result } = (await found.json()) as {
    result: { data: { items: { title: string }[] } };
  };
  return result.data.items.map(({ title }) => title);
}

test("a worker that runs already builds them: that of `dev`, and not that of `preview`", async () => {
  const { apiPort: port } = settings;
  const worker = await serveWorker({ port, stateDir, withCronTrigger: true }, bundle);
  onTestFinished(() => worker.stop());
  // Nothing tells this worker from the one of `preview`.
  await expect(rebuild()).rejects.toThrow(
    `\`preview\` runs on ${stateDir} (port ${port}), and its worker can be reached by the web app alone: stop \`preview\``,
  );

  mkdirSync(registryDir(stateDir), { recursive: true });
  const registered = join(registryDir(stateDir), "alleato-ai-chat");
  writeFileSync(registered, JSON.stringify({ debugPortAddress: `127.0.0.1:${port}` }));
  onTestFinished(() => rmSync(registered));
  const lines = await rebuild();
  expect(lines[0]).toBe("0 of 2 search indexes are built.");
  expect(lines.at(-1)).toBe("2 of 2 search indexes are built.");
  expect(readWaiting()).toEqual([[]]);
  expect(await search(worker.url, "grace@example.com", "moth")).toHaveLength(2);
  expect(await search(worker.url, "ada@example.com", "moth")).toEqual([]);
});

test("without a worker one is started, and one person's index is built anew", async () => {
  damageIndexes();
  expect(readIndexes()).toEqual([
    [adasEntries, adasEntries],
    [gracesEntries, gracesEntries],
  ]);
  expect(await rebuild(" Ada@Example.com ")).toEqual([
    "Starting the API worker …",
    "0 of 1 search indexes are built.",
    "1 of 1 search indexes are built.",
  ]);
  expect(readWaiting()).toEqual([[]]);
  expect(readIndexes()).toEqual([
    [adasEntries, 0],
    [gracesEntries, gracesEntries],
  ]);
});

test("owners that wait already are not asked for again", async () => {
  onFiles(
    databaseFiles(stateDir),
    `INSERT INTO searchChanges (userId, chatId, scope)
     SELECT id, '', iif(name = 'Ada', 'building', 'all') FROM users`,
  );
  const databases = await openLocalDatabases(stateDir);
  onTestFinished(() => databases.close());
  expect(await requestRebuild(databases)).toMatchObject({ total: 2 });
  expect(await requestRebuild(databases, "ada@example.com")).toMatchObject({ total: 1 });
  const all = { scope: "all", n: 1 };
  expect(readWaiting()).toEqual([[all, { scope: "building", n: 1 }]]);
});

test.each([
  ["one of SQL", "'||'--@Example.com", "There is no account with the address '||'--@example.com."],
  ["none", "ada at example.com", '"ada at example.com" is no email address.'],
])("an address is refused: %s", async (_, email, sentence) => {
  const databases = await openLocalDatabases(stateDir);
  onTestFinished(() => databases.close());
  await expect(requestRebuild(databases, email)).rejects.toThrow(sentence);
});

test("the command says in a sentence what is wrong", () => {
  const env = { ...process.env, STATE_DIR: stateDir };
  const args = [fromRoot("scripts/search.ts"), "rebuild", "lin@example.com"];
  const { status, stderr, stdout } = spawnSync(nodePath, args, {
    cwd: rootDir,
    env,
    encoding: "utf8",
  });
  expect(stderr).toBe("There is no account with the address lin@example.com.\n");
  expect([stdout, status]).toEqual(["", 1]);
});

test("with --remote the indexes of an environment are asked for", async () => {
  const operator = await startOperator();
  onTestFinished(() => operator.stop());
  await operator.setUp({ environment: "staging", adminEmail: "lin@example.com" });
  const [database] = operator.cloudflare.state.databases.values();
  // The worker, which has nothing to index.
  database?.sqlite.exec(
    "CREATE TRIGGER built AFTER INSERT ON searchChanges BEGIN DELETE FROM searchChanges; END",
  );
  const rebuildRemote = (...args: string[]) =>
    operator.run("search.ts", "rebuild", "Lin@Example.com", "--remote", ...args);
  const { code, output } = await rebuildRemote("--env", "staging");
  expect([code, output]).toEqual([0, expect.stringContaining("0 of 0 search indexes are built.")]);
  expect(await rebuildRemote()).toEqual({
    code: 1,
    output: expect.stringContaining("There is no production in the account"),
  });
});
