/** The old deployment goes on while it is copied. */
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Source } from "./model.ts";
import { exitCodeOf } from "./report/exit-codes.ts";
import { openSource } from "./source/open-source.ts";
import { type BlobServer, startBlobServer } from "./test/blob-server.ts";
import { lifelike } from "./test/fixtures/lifelike.ts";
import { fillMany } from "./test/fixtures/many.ts";
import { blobPaths, blobUrl, fillNasty, id, ownTables } from "./test/fixtures/nasty.ts";
import { createSchema } from "./test/fixtures/schema.ts";
import { openTestTarget, type TestTarget } from "./test/local-target.ts";
import { startPostgres, type TestPostgres } from "./test/postgres.ts";
import { runOn } from "./test/run.ts";
import { expectSound, stateOf } from "./test/target-state.ts";

let postgres: TestPostgres;
let blob: BlobServer;

beforeAll(async () => {
  postgres = await startPostgres();
  blob = await startBlobServer();
  for (const path of blobPaths) blob.files.set(path, { bytes: lifelike.picture });
});
afterAll(async () => {
  await blob.close();
  await postgres.stop();
});

async function emptyTarget(): Promise<TestTarget> {
  const opened = await openTestTarget();
  onTestFinished(() => opened.close());
  return opened;
}

async function open(): Promise<Source> {
  const source = await openSource(postgres.url);
  onTestFinished(() => source.close());
  return source;
}

/** What people of the old deployment do, each time to another chat, user or document. */
function writesOf(turn: number): readonly string[] {
  const chat = `(SELECT id FROM "Chat" ORDER BY md5(id::text || ${turn}) LIMIT 1)`;
  const message = `(SELECT id FROM "Message_v2" ORDER BY md5(id::text || ${turn}) LIMIT 1)`;
  return [
    `INSERT INTO "Message_v2" VALUES (gen_random_uuid(), ${chat}, 'user',
      '[{"type":"text","text":"Asked during the copy"}]', '[]', now())`,
    `UPDATE "Chat" SET title = 'Renamed ${turn}', visibility = 'public' WHERE id = ${chat}`,
    `UPDATE "Message_v2" SET parts = '[{"type":"text","text":"Changed ${turn}"}]' WHERE id = ${message}`,
    `UPDATE "User" SET name = 'Person ${turn}' WHERE id = (SELECT "userId" FROM "Chat" WHERE id = ${chat})`,
    `DELETE FROM "Vote_v2" WHERE "messageId" = ${message}`,
    `DELETE FROM "Message_v2" WHERE id = ${message}`,
    `INSERT INTO "Document" SELECT id, now(), title, content || '${turn}', "userId", text FROM "Document"
      ORDER BY md5(id::text || ${turn}) LIMIT 1`,
    `UPDATE "Suggestion" SET "isResolved" = NOT "isResolved"`,
    `INSERT INTO "clicks" VALUES ('/during', now())`,
    `UPDATE "Team members" SET ratio = ${turn}`,
  ];
}

/** What cannot be done again. */
const once = [
  `DELETE FROM "Chat" WHERE id = '${id("c", 7)}'`,
  `DELETE FROM "Suggestion" WHERE id = '${id("s", 1)}'`,
  `INSERT INTO "User" ("id", "email", "createdAt") VALUES ('${id("u", 99)}', 'new@example.com', now())`,
  `INSERT INTO "Chat" ("id", "createdAt", "userId", "title")
    VALUES ('${id("c", 99)}', now(), '${id("u", 99)}', 'Begun during the copy')`,
];

/**
 * A source beside whose questions another session writes: before each question, and before every
 * 50th row of an answer.
 */
function disturbed(source: Source, write: () => Promise<void>): Source {
  const before =
    <Args extends readonly unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      await write();
      return await ask(...args);
    };
  const amid = <Args extends readonly unknown[], Item>(
    list: (...args: Args) => AsyncIterable<Item>,
  ) =>
    async function* (...args: Args) {
      let count = 0;
      await write();
      for await (const item of list(...args)) {
        count += 1;
        if (count % 50 === 0) await write();
        yield item;
      }
      await write();
    };
  return {
    shape: source.shape,
    listGroups: amid(source.listGroups.bind(source)),
    scan: amid(source.scan.bind(source)),
    readGroups: before(source.readGroups.bind(source)),
    count: before(source.count.bind(source)),
    listChatsWith: before(source.listChatsWith.bind(source)),
    listRepeatedMessageIds: before(source.listRepeatedMessageIds.bind(source)),
    readFirstUses: before(source.readFirstUses.bind(source)),
    close: () => source.close(),
  };
}

test("writes at the source during the copy and the comparison make no difference", async () => {
  const rows = fillNasty("newest")
    .replaceAll(blobUrl, blob.urlOf(""))
    .replace(/x{1000,}/, "long");
  const many = fillMany({ users: 20, chats: 250, messagesPerChat: 2 });
  await postgres.run([createSchema("newest"), rows, ownTables, many].join("\n"));
  const untouched = await emptyTarget();
  const whole = await runOn({ source: await open(), target: untouched.target, blob });
  expect(exitCodeOf(whole)).toBe(0);

  const writer = new Client({ connectionString: postgres.url });
  await writer.connect();
  onTestFinished(() => writer.end());
  const opened = await emptyTarget();
  const { target } = opened;
  const snapshot = await open();
  let step = "";
  const turns: Record<string, number> = {};
  let turn = 0;
  const write = async () => {
    if (turn === 0) for (const sql of once) await writer.query(sql);
    turn += 1;
    turns[step] = (turns[step] ?? 0) + 1;
    for (const sql of writesOf(turn)) await writer.query(sql);
  };
  const run = await runOn(
    { source: disturbed(snapshot, write), target, blob },
    {
      onProgress: (progress) => {
        step = progress.step;
      },
    },
  );
  expect(run.failure).toBeNull();
  expect(run.verification?.differences).toEqual([]);
  expect(exitCodeOf(run)).toBe(0);
  expect(turns).toEqual({
    looking: expect.any(Number),
    copying: expect.any(Number),
    comparing: expect.any(Number),
  });
  await expectSound(target);
  // It is what stood there when the run began.
  expect(await stateOf(target)).toEqual(await stateOf(untouched.target));

  // The next run brings all of it.
  const next = await runOn({ source: await open(), target, blob });
  expect(next.failure).toBeNull();
  expect(next.verification?.differences).toEqual([]);
  expect(exitCodeOf(next)).toBe(0);
  expect(next.groups.chat.deleted).toBe(1);
  await expectSound(target);
  const fresh = await emptyTarget();
  await runOn({ source: await open(), target: fresh.target, blob });
  const { importRows: _, ...state } = await stateOf(target);
  const { importRows: __, ...expected } = await stateOf(fresh.target);
  expect(state).toEqual(expected);
});
