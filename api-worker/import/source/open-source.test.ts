import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RawGroup, Source, SourceGroup } from "../model.ts";
import { fillMany } from "../test/fixtures/many.ts";
import { fillNasty, id, ownTables } from "../test/fixtures/nasty.ts";
import { createSchema, states } from "../test/fixtures/schema.ts";
import { startPostgres, type TestPostgres } from "../test/postgres.ts";
import { openSource } from "./open-source.ts";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Opens the source, and closes it afterwards. */
async function using<Result>(
  use: (source: Source) => Promise<Result>,
  schema = "public",
): Promise<Result> {
  const source = await openSource(postgres.url, { schema });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

function digests(groups: readonly SourceGroup[]): Record<string, string> {
  return Object.fromEntries(groups.map((group) => [`${group.kind} ${group.id}`, group.digest]));
}

describe.each(states)("a database of the state %s", (state) => {
  beforeAll(() =>
    postgres.runIn(state, [createSchema(state), fillNasty(state), ownTables].join("\n")),
  );

  test("has a group for each user, chat and document, and all of their rows", async () => {
    await using(async (source) => {
      const groups = await collect(source.listGroups());
      const read: RawGroup[] = [];
      for (const group of groups) read.push(...(await source.readGroups(group.kind, [group.id])));
      const count = (kind: string) => read.filter((group) => group.kind === kind).length;
      expect([count("user"), count("chat"), count("document")]).toEqual([7, 7, 5]);
      const sum = { messages: 0, oldMessages: 0, votes: 0, oldVotes: 0 };
      for (const group of read) {
        if (group.kind !== "chat") continue;
        for (const name of Object.keys(sum) as (keyof typeof sum)[])
          sum[name] += group[name].length;
      }
      expect(sum).toEqual({
        messages: await source.count("Message_v2"),
        oldMessages: await source.count("Message"),
        votes: await source.count("Vote_v2"),
        oldVotes: await source.count("Vote"),
      });
      const versions = read.flatMap((group) => (group.kind === "document" ? group.versions : []));
      expect(versions).toHaveLength(7);
      const kept = read.flatMap((group) =>
        group.kind === "legacy" && group.table.source === "clicks" ? group.rows : [],
      );
      expect(kept).toHaveLength(5);
    }, state);
  });

  test("is described", async () => {
    await using(async ({ shape }) => {
      expect(shape.description).toMatchSnapshot();
      expect(shape.unknownTables).toEqual(["Team members", "clicks"]);
      expect(shape.unknownColumns).toContainEqual({
        table: "User",
        columns: state === "newest" ? ["image", "plan"] : ["plan"],
      });
    }, state);
  });

  test("has the same digests each time, and others after a change", async () => {
    const before = await using((source) => collect(source.listGroups()), state);
    const again = await using((source) => collect(source.listGroups()), state);
    expect(digests(again)).toEqual(digests(before));
    await postgres.runIn(state, `UPDATE "Document" SET content = '' WHERE id = '${id("d", 5)}'`);
    await postgres.runIn(state, `UPDATE "User" SET password = '' WHERE id = '${id("u", 3)}'`);
    const after = digests(await using((source) => collect(source.listGroups()), state));
    const changed = Object.entries(digests(before)).filter(([key, value]) => after[key] !== value);
    expect(changed.map(([key]) => key)).toEqual([`user ${id("u", 3)}`, `document ${id("d", 5)}`]);
  });
});

describe("among many rows", () => {
  const chat = (number: number) => `10000063-0000-4000-8000-${uuidEnd(number)}`;
  const message = (number: number) => `1000006d-0000-4000-8000-${uuidEnd(number)}`;
  const uuidEnd = (number: number) => number.toString(16).padStart(12, "0");
  const list = async () => digests(await using((source) => collect(source.listGroups()), "many"));

  beforeAll(() =>
    postgres.runIn(
      "many",
      `${createSchema("newest")}
      ${fillMany({ users: 2, chats: 4_100, messagesPerChat: 2 })}
      CREATE TABLE own (id int PRIMARY KEY, note text);
      INSERT INTO own SELECT n, 'Note ' || n FROM generate_series(1, 2000) AS n`,
    ),
  );

  test("digests are those of earlier releases, which ledgers have", async () => {
    const found = await list();
    expect(found[`chat ${chat(1)}`]).toBe("2b01d8fbb4bbb50adc502c1c4c93089e");
    expect(found["legacy legacy_own:0"]).toBe("19e2f4edd5b3627c4a5b745fe30e04ef");
  });

  test("each that is changed, added or deleted changes the digest of its group only", async () => {
    const before = await list();
    await postgres.runIn(
      "many",
      `UPDATE "Message_v2" SET "createdAt" = "createdAt" + interval '1 microsecond' WHERE id = '${message(4_001)}';
      UPDATE "Message_v2" SET "role" = 'system' WHERE id = '${message(4_003)}';
      UPDATE "Message_v2" SET "chatId" = '${chat(2_004)}' WHERE id = '${message(4_005)}';
      DELETE FROM "Message_v2" WHERE id = '${message(4_010)}';
      INSERT INTO "Message_v2" ("id", "chatId", "role", "parts", "attachments", "createdAt")
        VALUES ('${message(90_000)}', '${chat(2_006)}', 'user', '[]', '[]', '2024-01-01');
      INSERT INTO "Vote_v2" VALUES ('${chat(2_007)}', '${message(4_013)}', true);
      DELETE FROM "Message_v2" WHERE "chatId" = '${chat(2_008)}';
      DELETE FROM "Chat" WHERE id = '${chat(2_008)}';
      INSERT INTO "Chat" ("id", "createdAt", "userId", "title")
        SELECT '${chat(5_000)}', '2024-01-01', id, 'Added' FROM "User" LIMIT 1`,
    );
    const after = await list();
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...keys].filter((key) => before[key] !== after[key]).sort();
    const chats = [2_001, 2_002, 2_003, 2_004, 2_005, 2_006, 2_007, 2_008, 5_000];
    expect(changed).toEqual(chats.map((number) => `chat ${chat(number)}`));
    expect(after).toHaveProperty([`chat ${chat(5_000)}`]);
    expect(after).not.toHaveProperty([`chat ${chat(2_008)}`]);
  });

  test.each([
    ["changed", "UPDATE own SET note = note || '!' WHERE id = 1000"],
    ["added", "INSERT INTO own VALUES (3000, NULL)"],
    ["deleted", "DELETE FROM own WHERE id = 1001"],
  ])("one of the owner's tables that is %s changes the digest of its part only", async (_, sql) => {
    const before = await list();
    await postgres.runIn("many", sql);
    const after = await list();
    const changed = Object.keys(before).filter((key) => before[key] !== after[key]);
    expect(changed).toEqual([expect.stringMatching(/^legacy legacy_own:/)]);
  });
});

describe("of the newest state", () => {
  beforeAll(() => postgres.runIn("public", createSchema("newest") + fillNasty("newest")));

  test("times and numbers come as Postgres has them", async () => {
    const [group] = await using((source) => source.readGroups("chat", [id("c", 1)]));
    expect(group).toMatchObject({
      chat: { createdAt: "2024-02-01 09:30:00.0001" },
      messages: [{ createdAt: "2024-03-01 10:00:00.000001" }, {}],
    });
  });

  test("only groups since a time are listed", async () => {
    const source = await openSource(postgres.url, { since: Date.UTC(2024, 2, 4) });
    const groups = await collect(source.listGroups());
    await source.close();
    const ids = (kind: string) => groups.filter((group) => group.kind === kind).map(({ id }) => id);
    expect(ids("chat")).toEqual([4, 6].map((number) => id("c", number)));
    expect(ids("document")).toEqual([2, 3, 4, 5].map((number) => id("d", number)));
    expect(ids("user")).toHaveLength(7);
  });

  test("rows whose parent is missing are kept apart, with all that belongs to them", async () => {
    await postgres.run(`
      ALTER TABLE "Message_v2" DROP CONSTRAINT "Message_v2_chatId_fkey";
      ALTER TABLE "Chat" DROP CONSTRAINT "Chat_userId_fkey";
      INSERT INTO "Chat" ("id", "createdAt", "userId", "title")
        VALUES ('${id("c", 98)}', '2024-01-01', '${id("u", 98)}', 'Without a user');
      INSERT INTO "Message_v2" ("id", "chatId", "role", "parts", "attachments", "createdAt") VALUES
        ('${id("m", 98)}', '${id("c", 98)}', 'user', '[]', '[]', '2024-01-01'),
        ('${id("m", 99)}', '${id("c", 99)}', 'user', '[]', '[]', '2024-01-01');
      INSERT INTO "Vote_v2" VALUES ('${id("c", 98)}', '${id("m", 98)}', true)`);
    const kept = await using(async (source) => {
      const rows: string[] = [];
      for (const group of await collect(source.listGroups())) {
        if (!group.id.includes("_without_")) continue;
        for (const read of await source.readGroups("legacy", [group.id])) {
          if (read.kind !== "legacy") continue;
          rows.push(...read.rows.map((row) => `${read.table.source} ${row.id ?? row.messageId}`));
        }
      }
      return rows;
    });
    expect(kept.sort()).toEqual([
      `Chat ${id("c", 98)}`,
      `Message_v2 ${id("m", 98)}`,
      `Message_v2 ${id("m", 99)}`,
      `Vote_v2 ${id("m", 98)}`,
    ]);
  });

  test("chats are found by what stands in their messages", async () => {
    const chats = await using((source) => source.listChatsWith(["createDocument"]));
    expect(chats).toEqual([id("c", 2)]);
  });

  test("first uses are those of chats and documents", async () => {
    const uses = await using((source) => source.readFirstUses());
    expect(uses.get(id("u", 7))).toBe("2024-02-07 09:30:00.0007");
    expect(uses.has(id("u", 6))).toBe(false);
  });
});

describe("a source that cannot be read", () => {
  test.each([
    ["postgres://ada:secret@127.0.0.1:1/chat", "Nothing answers"],
    ["postgres://ada:secret@nowhere.invalid/chat", "host’s name"],
  ])("%s says what to do, without the password", async (url, reason) => {
    const opening = openSource(url);
    await expect(opening).rejects.toThrow(reason);
    await expect(opening).rejects.toThrow(/^(?!.*secret)/s);
  });

  test("tables and columns of the owner may have any name", async () => {
    const own = `CREATE TABLE "toString" (id int, part text, part_ int);
      INSERT INTO "toString" VALUES (1, 'a', 2), (3, NULL, 4);`;
    await postgres.runIn("names", createSchema("newest") + own);
    const rows = await using(async (source) => {
      expect(source.shape.unknownTables).toEqual(["toString"]);
      const parts = await collect(source.listGroups(["legacy"]));
      const ids = parts.map((part) => part.id);
      const read = await source.readGroups("legacy", ids);
      expect(read.map((part) => part.id)).toEqual(ids);
      return read.flatMap((part) => (part.kind === "legacy" ? part.rows : []));
    }, "names");
    expect(rows.sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: "1", part: "a", part_: "2" },
      { id: "3", part: null, part_: "4" },
    ]);
  });

  test("a column of the owner's may be named `row`", async () => {
    const own = `${createSchema("newest")} ${fillMany({ users: 1, chats: 2, messagesPerChat: 2 })}
      ALTER TABLE "Chat" ADD COLUMN "row" text; ALTER TABLE "Message_v2" ADD COLUMN "row" text;`;
    await postgres.runIn("row", own);
    const list = async () =>
      digests(await using((source) => collect(source.listGroups(["chat"])), "row"));
    const before = Object.entries(await list());
    await postgres.runIn("row", `UPDATE "Message_v2" SET role = 'system' WHERE role = 'user'`);
    const between = await list();
    await postgres.runIn("row", `UPDATE "Chat" SET title = ''`);
    const after = await list();
    expect(before).toHaveLength(2);
    for (const [key, value] of before) {
      expect(new Set([value, between[key], after[key]])).toHaveProperty("size", 3);
    }
  });

  test("another database is told", async () => {
    await postgres.runIn("other", `CREATE TABLE "posts" (id int)`);
    const opening = openSource(postgres.url, { schema: "other" });
    await expect(opening).rejects.toThrow('no table "User"');
  });
});
