import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createBackup } from "./lib/backup/create-backup.ts";
import { openLocalStorage } from "./lib/backup/local-storage.ts";
import { readManifest } from "./lib/backup/manifest.ts";
import { restoreBackup } from "./lib/backup/restore-backup.ts";
import { listObjects, type Storage } from "./lib/backup/storage.ts";
import { addRows, objectMetadata, readDatabase } from "./lib/backup/test/test-content.ts";
import { bundleWorker } from "./lib/build.ts";
import { findFreePort } from "./lib/ports.ts";
import { givenPreparation } from "./lib/prepare.ts";
import { seedLocally } from "./lib/seed.ts";
import { databaseFiles, makeEmptyStorage } from "./lib/test-storage.ts";
import { serveWorker } from "./lib/worker.ts";
import { storageDir } from "./lib/wrangler.ts";

const directory = mkdtempSync(join(tmpdir(), "whole-backup-"));
const stateDir = join(directory, "state");
const print = () => {};

const auditEvent = `INSERT INTO auditEvents VALUES ('e', 'actor', 'file.read', 'upload', 'f', NULL, 1, NULL, NULL, '{"a":"b"}')`;

beforeAll(async () => {
  await makeEmptyStorage(stateDir);
  await seedLocally(stateDir);
  const database = openDatabase(stateDir);
  addRows(database, String(database.prepare("SELECT id FROM users WHERE name = 'Ada'").get()?.id));
  database.exec(auditEvent);
  database.close();
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function onStorage<Result>(
  state: string,
  use: (storage: Storage) => Promise<Result>,
): Promise<Result> {
  const storage = await openLocalStorage(state);
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}

/** Opens the one database of a storage. */
function openDatabase(state: string): DatabaseSync {
  const [file = "", ...others] = databaseFiles(state);
  expect(others).toEqual([]);
  return new DatabaseSync(file);
}

/** Everything in the database, read without the code under test. */
function readRows(state: string) {
  const database = openDatabase(state);
  const content = readDatabase(database);
  database.close();
  return content;
}

async function readBucket({ bucket }: Storage) {
  const found: Record<string, unknown> = {};
  for await (const { key, http, custom } of listObjects(bucket)) {
    found[key] = {
      http,
      custom,
      text: new TextDecoder().decode((await bucket.get(key)) ?? undefined),
    };
  }
  return found;
}

/** What a demo user sees. */
async function readChats(state: string): Promise<unknown> {
  const bundle = givenPreparation()?.build.worker ?? (await bundleWorker(join(directory, "build")));
  const worker = await serveWorker({ port: await findFreePort(), stateDir: state }, bundle);
  onTestFinished(() => worker.stop());
  const call = async (procedure: string, input: object, cookie = "") => {
    const response = await fetch(`${worker.url}/trpc/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: worker.url, cookie },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${procedure}: ${await response.text()}`);
    return response;
  };
  const credentials = { email: "ada@example.com", password: "tea before noon" };
  const loggedIn = await call("auth.logIn", credentials);
  const [cookie = ""] = (loggedIn.headers.get("set-cookie") ?? "").split(";");
  const ready = await fetch(`${worker.url}/v1/ready`);
  const chats = await call("chats.list", {}, cookie);
  const { result } = (await chats.json()) as { result: { data: { items: { title: string }[] } } };
  return { ready: ready.status, titles: result.data.items.map(({ title }) => title) };
}

test("after the loss of everything a restore has all that there was, and the product runs on", {
  timeout: 120_000,
}, async () => {
  const before = readRows(stateDir);
  const [first, second] = ["first", "second"].map((name) => join(directory, name)) as [
    string,
    string,
  ];
  const objects = await onStorage(stateDir, async (storage) => {
    for (const [key, metadata] of Object.entries(objectMetadata)) {
      await storage.bucket.put(key, new TextEncoder().encode(`The bytes of ${key}.`), metadata);
    }
    await createBackup(storage, first, print);
    return await readBucket(storage);
  });
  rmSync(storageDir(stateDir), { recursive: true });
  const { "streams/of-a-day": ofADay, ...lasting } = objects;
  expect(ofADay).toBeDefined();
  await onStorage(stateDir, async (storage) => {
    await restoreBackup(storage, first, { print });
    expect(await readBucket(storage)).toEqual(lasting);
    // A backup of what was restored has the same digests.
    await createBackup(storage, second, print);
  });
  expect(readRows(stateDir)).toEqual(before);
  const digests = (folder: string) => {
    const { databases, objects } = readManifest(folder);
    return { databases, objects };
  };
  expect(digests(second)).toEqual(digests(first));
  expect(await readChats(stateDir)).toMatchObject({
    ready: 200,
    titles: expect.arrayContaining(["Two\nlines; it's \\n"]),
  });
});
