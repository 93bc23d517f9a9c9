import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { exitCodeOf } from "./report/exit-codes.ts";
import { toHtml } from "./report/html.ts";
import type { RunFilesOptions } from "./run-files.ts";
import type { RunOptions } from "./run-import.ts";
import { openSource } from "./source/open-source.ts";
import { type BlobServer, startBlobServer } from "./test/blob-server.ts";
import { lifelike } from "./test/fixtures/lifelike.ts";
import { blobPaths, blobUrl, fillNasty, id, ownTables } from "./test/fixtures/nasty.ts";
import { createSchema, type SchemaState } from "./test/fixtures/schema.ts";
import { openTestTarget, type TestTarget } from "./test/local-target.ts";
import { startPostgres, type TestPostgres } from "./test/postgres.ts";
import { runOn } from "./test/run.ts";
import { expectSound, rowsIn, stateOf } from "./test/target-state.ts";

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

/** Rows whose files are in the store of this test. */
function nasty(state: SchemaState): string {
  return fillNasty(state).replaceAll(blobUrl, blob.urlOf(""));
}

async function run(
  { target }: TestTarget,
  schema: string,
  options: Partial<RunOptions & RunFilesOptions> = {},
) {
  const source = await openSource(postgres.url, { schema });
  try {
    return await runOn({ source, target, blob }, options);
  } finally {
    await source.close();
  }
}

async function emptyTarget(): Promise<TestTarget> {
  const opened = await openTestTarget();
  onTestFinished(() => opened.close());
  return opened;
}

/** One with each form of messages; `read-context.test.ts` has all states. */
const copiedStates = ["inline-messages", "last-context", "newest"] as const;

describe.each(copiedStates)("a database of the state %s", (state) => {
  beforeAll(() => postgres.runIn(state, [createSchema(state), nasty(state), ownTables].join("\n")));

  test("is copied without a difference, and a second run has nothing to do", async () => {
    const opened = await emptyTarget();
    const first = await run(opened, state);
    expect(first.failure).toBeNull();
    expect(first.verification?.differences).toEqual([]);
    expect(exitCodeOf(first)).toBe(0);
    await expectSound(opened.target);
    const codes = first.findings.map(({ code, count }) => `${code}: ${count}`).sort();
    expect(codes).toMatchSnapshot();
    expect(toHtml(first)).toContain("</html>");

    const before = await stateOf(opened.target);
    const second = await run(opened, state);
    expect(second.verification?.differenceCount).toBe(0);
    const copied = Object.values(second.groups).map((group) => group.copied);
    expect(copied).toEqual([0, 0, 0, 0]);
    expect(await stateOf(opened.target)).toEqual(before);
  });
});

describe("a run after changes at the source", () => {
  beforeEach(() =>
    postgres.runIn(
      "changing",
      `DROP SCHEMA IF EXISTS "changing" CASCADE; CREATE SCHEMA "changing"; SET search_path TO "changing";
      ${createSchema("newest")}${nasty("newest")}${ownTables}`,
    ),
  );

  test("brings what is new and changed, and deletes what is gone", async () => {
    const opened = await emptyTarget();
    await run(opened, "changing");
    await postgres.runIn(
      "changing",
      `INSERT INTO "Message_v2" VALUES ('${id("m", 90)}', '${id("c", 1)}', 'user',
        '[{"type":"text","text":"New"}]', '[]', '2024-05-01 10:00:00');
      DELETE FROM "Vote_v2" WHERE "chatId" = '${id("c", 2)}';
      DELETE FROM "Message_v2" WHERE id = '${id("m", 17)}';
      UPDATE "Chat" SET title = 'Renamed' WHERE id = '${id("c", 6)}';
      DELETE FROM "Chat" WHERE id = '${id("c", 7)}';
      DELETE FROM "clicks" WHERE page = '/a';
      UPDATE "Team members" SET ratio = 2 WHERE id = 2;`,
    );
    const second = await run(opened, "changing");
    expect(second.failure).toBeNull();
    expect(second.verification?.differences).toEqual([]);
    expect(second.groups.chat).toEqual({ listed: 6, copied: 4, deleted: 1 });
    await expectSound(opened.target);
    const fresh = await emptyTarget();
    await run(fresh, "changing");
    const { importRows: _, ...state } = await stateOf(opened.target);
    const { importRows: __, ...expected } = await stateOf(fresh.target);
    expect(state).toEqual(expected);
  });

  test("a file that moves to another chat becomes that chat’s", async () => {
    const opened = await emptyTarget();
    const first = await run(opened, "changing");
    expect(first.verification?.differences).toEqual([]);
    const places = "SELECT name, chatId, createdAt FROM uploads WHERE name = 'x.png'";
    const [before] = await rowsIn<{ chatId: string }>(opened.target, places);
    expect(before?.chatId).toBe(id("c", 2));
    await postgres.runIn(
      "changing",
      `UPDATE "Message_v2" SET attachments = '[]' WHERE id = '${id("m", 13)}'`,
    );
    // The chat that gets the file is written before the other one, and then after it.
    for (const [chat, day] of [
      [id("c", 1), 1],
      [id("c", 2), 2],
    ] as const) {
      await postgres.runIn(
        "changing",
        `WITH gone AS (DELETE FROM "Message_v2" WHERE parts::text LIKE '%photo.png%' RETURNING *)
        INSERT INTO "Message_v2" ("id", "chatId", "role", "parts", "attachments", "createdAt")
          SELECT '${id("m", 150 + day)}', '${chat}', role, parts, attachments, '2024-05-0${day}' FROM gone`,
      );
      const next = await run(opened, "changing");
      expect(next.failure).toBeNull();
      expect(next.verification?.differences).toEqual([]);
      expect(await rowsIn(opened.target, places)).toEqual([
        { name: "x.png", chatId: chat, createdAt: Date.UTC(2024, 4, day) },
      ]);
      await expectSound(opened.target);
    }
  });

  test("a dry run writes nothing", async () => {
    const opened = await emptyTarget();
    const dry = await run(opened, "changing", { run: "dry-run" });
    expect(dry.failure).toBeNull();
    expect(dry.groups.chat).toEqual({ listed: 7, copied: 7, deleted: 0 });
    expect(dry.verification).toBeNull();
    const tables = await rowsIn(
      opened.target,
      "SELECT name FROM sqlite_schema WHERE name LIKE 'import%' OR name LIKE 'legacy%'",
    );
    expect(tables).toEqual([]);
    expect(await rowsIn(opened.target, "SELECT id FROM chats")).toEqual([]);
  });

  test("a comparison alone tells what has changed at the source since", async () => {
    const opened = await emptyTarget();
    await run(opened, "changing");
    await postgres.runIn(
      "changing",
      `UPDATE "Chat" SET title = 'Other' WHERE id = '${id("c", 1)}'`,
    );
    const compared = await run(opened, "changing", { run: "verify-only" });
    expect(compared.verification?.differences).toEqual([]);
    expect(compared.verification?.groups.changedAtSource).toBe(1);
    expect(exitCodeOf(compared)).toBe(4);
  });
});
