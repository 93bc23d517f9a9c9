import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBackup } from "./lib/backup/create-backup.ts";
import { databasePath, readManifest, verifyBackup } from "./lib/backup/manifest.ts";
import { contentPath, readObjects } from "./lib/backup/object-files.ts";
import { restoreBackup } from "./lib/backup/restore-backup.ts";
import type { Storage } from "./lib/backup/storage.ts";
import { type MemoryStorage, memoryStorage, migrate } from "./lib/backup/test/memory-storage.ts";
import { addRows, objectMetadata, readDatabase } from "./lib/backup/test/test-content.ts";

// What a backup and a restore decide, on a storage in this process. `whole-backup.test.ts` runs them on
// D1 and R2, `cloud-backup.test.ts` over Cloudflare's API.

const directory = mkdtempSync(join(tmpdir(), "backup-and-restore-"));
const backup = join(directory, "backup");
const print = () => {};

const auditEvent = `INSERT INTO auditEvents VALUES ('e', 'actor', 'file.read', 'upload', 'f', NULL, 1, NULL, NULL, '{"a":"b"}')`;

function filledStorage(): MemoryStorage {
  const storage = memoryStorage();
  migrate(storage.sqlite);
  storage.sqlite.exec(
    "INSERT INTO users (id, email, createdAt) VALUES ('ada', 'ada@example.com', 1)",
  );
  addRows(storage.sqlite, "ada");
  storage.sqlite.exec(auditEvent);
  for (const [key, metadata] of Object.entries(objectMetadata)) {
    storage.objects.set(key, { ...metadata, bytes: new TextEncoder().encode(key) });
  }
  return storage;
}

const source = filledStorage();
const { "streams/of-a-day": ofADay, ...lasting } = Object.fromEntries(source.objects);

beforeAll(async () => {
  await createBackup(source, backup, print);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const restoreTo = (storage: Storage, folder = backup) => restoreBackup(storage, folder, { print });

function expectRestored({ sqlite, objects }: MemoryStorage): void {
  expect(readDatabase(sqlite)).toEqual(readDatabase(source.sqlite));
  expect(ofADay).toBeDefined();
  expect(Object.fromEntries(objects)).toEqual(lasting);
}

/** A storage that can be used so many times, and whose last use is done without an answer. */
function mortal({ databases, bucket, ...storage }: Storage, uses: number): Storage {
  let left = uses;
  const use = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    left -= 1;
    if (left < 0) throw new Error("killed");
    const result = await act();
    if (left === 0) throw new Error("killed");
    return result;
  };
  return {
    ...storage,
    databases: databases.map(({ name, run }) => ({
      name,
      run: (statements) => use(() => run(statements)),
    })),
    bucket: {
      list: (...call) => use(() => bucket.list(...call)),
      get: (...call) => use(() => bucket.get(...call)),
      put: (...call) => use(() => bucket.put(...call)),
      delete: (...call) => use(() => bucket.delete(...call)),
    },
  };
}

/**
 * Runs something that is killed again and again, later each time, until it comes to its end.
 *
 * @returns how often it was killed
 */
async function runWithKills(
  storage: Storage,
  act: (storage: Storage) => Promise<unknown>,
): Promise<number> {
  for (let kills = 0, uses = 2; ; kills += 1, uses = Math.ceil(uses * 1.3)) {
    try {
      await act(mortal(storage, uses));
      return kills;
    } catch (error) {
      expect((error as Error).message).toBe("killed");
    }
  }
}

test("a backup and a restore that are killed go on, and end like others", async () => {
  const folder = join(directory, "resumed");
  expect(await runWithKills(source, (one) => createBackup(one, folder, print))).toBeGreaterThan(5);
  const saved = (of: string) => {
    const { databases, objects } = readManifest(of);
    return { databases, objects };
  };
  expect(saved(folder)).toEqual(saved(backup));
  const target = memoryStorage();
  expect(await runWithKills(target, (one) => restoreTo(one, folder))).toBeGreaterThan(5);
  expectRestored(target);
  // Killed after its last statement, it finds that everything is there.
  await restoreTo(target, folder);
  expectRestored(target);
});

/** A copy of the backup, to be damaged. */
function copyBackup(): string {
  const folder = mkdtempSync(join(directory, "copy-"));
  cpSync(backup, folder, { recursive: true });
  return folder;
}

test("one changed byte is found before anything is restored", async () => {
  const [object] = readObjects(backup);
  if (!object) throw new Error("The backup has no object.");
  const folder = copyBackup();
  const path = contentPath(folder, object.sha256);
  const bytes = readFileSync(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const target = memoryStorage();
  await expect(restoreTo(target, folder)).rejects.toThrow(`is damaged: the object ${object.key}.`);
  expect([readDatabase(target.sqlite).schema, target.objects.size]).toEqual([[], 0]);
  const other = copyBackup();
  const sqlite = new DatabaseSync(databasePath(other, "HOME"));
  sqlite.exec("UPDATE users SET email = 'bda@example.com' WHERE id = 'ada'");
  sqlite.close();
  await expect(verifyBackup(other)).rejects.toThrow("is damaged: the table users of HOME.");
  await expect(verifyBackup(backup)).resolves.toBeDefined();
});

test("what is there is deleted only after a question", async () => {
  const target = memoryStorage();
  migrate(target.sqlite);
  // What the migrations themselves write is no content.
  target.objects.set("uploads/other", { bytes: new Uint8Array(1), http: {}, custom: {} });
  await expect(restoreTo(target)).rejects.toThrow("is not empty: there is data in the bucket.");
  target.sqlite.exec("INSERT INTO users (id, isGuest, createdAt) VALUES ('other', 1, 1)");
  const refuse = async (what: string) => {
    throw new Error(what);
  };
  await expect(restoreBackup(target, backup, { print, confirmReplacing: refuse })).rejects.toThrow(
    "there is data in HOME and the bucket.",
  );
  expect(target.objects.has("uploads/other")).toBe(true);
  await restoreBackup(target, backup, { print, confirmReplacing: async () => {} });
  expectRestored(target);
});

/** A storage in which statements run once, after a first page of a table was read. */
function meanwhile(storage: MemoryStorage, table: string, sql: string): Storage {
  let isDue = true;
  const databases = storage.databases.map(({ name, run }) => ({
    name,
    run: async (statements: Parameters<typeof run>[0]) => {
      const results = await run(statements);
      if (isDue && statements[0]?.sql.includes(`FROM "${table}"`)) {
        isDue = false;
        storage.sqlite.exec(sql);
      }
      return results;
    },
  }));
  return { ...storage, databases };
}

test("rows whose parents were written meanwhile are left out", async () => {
  const folder = join(directory, "busy");
  const busy = filledStorage();
  // A chat begins after its place was read, and before the messages are.
  const changing = meanwhile(
    busy,
    "chats",
    `
INSERT INTO chats (userId, id, title, createdAt, updatedAt) VALUES ('ada', 'a-new', 'New', 1, 1);
INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt) VALUES ('ada', 'a-new', 'a-new', 'user', '[]', 'complete', 1);`,
  );
  const made = await createBackup(changing, folder, print);
  expect(made.databases.map(({ leftOut }) => leftOut)).toEqual([1]);
  const target = memoryStorage();
  await restoreTo(target, folder);
  const ids = (table: string) =>
    target.sqlite.prepare(`SELECT count(*) AS n FROM ${table} WHERE id = 'a-new'`).get();
  expect([ids("chats"), ids("messages")]).toEqual([{ n: 0 }, { n: 0 }]);
});

test("a row that moves while its table is read is in a backup once, as it was later", async () => {
  const folder = join(directory, "moved");
  const busy = filledStorage();
  busy.sqlite.exec(`
INSERT INTO users (id, isGuest, createdAt) VALUES ('a-guest', 1, 1), ('z-account', 1, 1);
INSERT INTO uploads (userId, id, name, mediaType, bytes, sha256, state, createdAt) VALUES ('a-guest', 'moving', 'a', 'image/png', 1, 'sum', 'ready', 1);`);
  const made = await createBackup(
    meanwhile(busy, "uploads", "UPDATE uploads SET userId = 'z-account' WHERE id = 'moving'"),
    folder,
    print,
  );
  expect(made.databases.map(({ leftOut }) => leftOut)).toEqual([1]);
  const target = memoryStorage();
  await restoreTo(target, folder);
  const owners = target.sqlite.prepare("SELECT userId FROM uploads WHERE id = 'moving'").all();
  expect(owners).toEqual([{ userId: "z-account" }]);
});

test("what users store is counted anew, as the triggers count it", async () => {
  const busy = filledStorage();
  busy.sqlite.exec(`
INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt) VALUES ('ada', 'open', 'c', 'assistant', '["ä"]', 'streaming', 1);
INSERT INTO suggestions (userId, documentId, id, version, original, start, proposed, reason, createdAt) VALUES ('ada', 'd', 's', 1, 'a', 0, 'bä', 'cde', 1);
INSERT INTO uploads (userId, id, name, mediaType, bytes, thumbnailBytes, sha256, state, createdAt) VALUES ('ada', 'f', 'a', 'image/png', 70, 7, 'sum', 'ready', 1), ('ada', 'g', 'a', 'image/png', 9, NULL, 'sum', 'pending', 1);
INSERT INTO openStreams (userId, path, createdAt, bytes) VALUES ('bo', '/a', 1, 5);
INSERT INTO contentUse (userId) VALUES ('gone');`);
  const select = "SELECT * FROM contentUse ORDER BY userId";
  const counted = busy.sqlite.prepare(select).all();
  expect(counted).toHaveLength(3);
  busy.sqlite.exec(`
UPDATE contentUse SET chats = 9, messages = 9, openAnswers = 9, textBytes = 9, fileBytes = 9, streamBytes = 9;
DELETE FROM contentUse WHERE userId = 'bo';`);
  const folder = join(directory, "counted");
  await createBackup(busy, folder, print);
  const target = memoryStorage();
  await restoreTo(target, folder);
  expect(target.sqlite.prepare(select).all()).toEqual(counted);
});

test("a migration during a backup ends it", async () => {
  const changing = meanwhile(filledStorage(), "votes", "ALTER TABLE votes ADD COLUMN later TEXT");
  await expect(createBackup(changing, join(directory, "migrated"), print)).rejects.toThrow(
    "have changed since this backup was begun",
  );
});

test("what a running worker notes about its jobs is no part of a backup", async () => {
  const note = "INSERT INTO jobRuns VALUES ('sessions', 1, 2, 'done', 1, NULL, NULL)";
  const running = filledStorage();
  running.sqlite.exec(note);
  const folder = join(directory, "running");
  const made = await createBackup(running, folder, print);
  expect(made.databases[0]?.tables).not.toHaveProperty("jobRuns");
  const target = memoryStorage();
  migrate(target.sqlite);
  target.sqlite.exec(note);
  await restoreTo(target, folder);
  expect(target.sqlite.prepare("SELECT count(*) AS n FROM jobRuns").get()).toEqual({ n: 0 });
  target.sqlite.exec(note);
  // Restored already, whatever the worker has noted since.
  await restoreTo(target, folder);
});

test("an object that is replaced after it was listed is saved with its own size", async () => {
  const folder = join(directory, "replaced");
  const { bucket, ...busy } = filledStorage();
  const list: typeof bucket.list = async (...call) => {
    const page = await bucket.list(...call);
    return { ...page, objects: page.objects.map((one) => ({ ...one, size: one.size + 1 })) };
  };
  await createBackup({ ...busy, bucket: { ...bucket, list } }, folder, print);
  await restoreTo(memoryStorage(), folder);
});
