import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Finding, Target } from "../model.ts";
import { eachTarget, emptyTarget } from "../test/each-target.ts";
import {
  chatGroup,
  documentGroup,
  groupOf,
  idOf,
  inTurn,
  listed,
  userGroup,
} from "../test/groups.ts";
import type { TestTarget } from "../test/local-target.ts";
import { expectSound, rowsIn, run, stateOf } from "../test/target-state.ts";
import { prepareTarget, readLedger } from "./ledger.ts";
import { type WritableGroup, writeGroups } from "./write-groups.ts";

const ada = idOf("user", 1);

/** A person with a chat with a file and votes, a public chat, and documents. */
const everything = [
  userGroup(1),
  userGroup(2, { email: null, isGuest: 1, passwordHash: null, name: null }),
  chatGroup({ n: 1, messages: [1, 2, 3, 4], files: { 1: 1, 3: 2 }, votes: [2, 4] }),
  chatGroup({ n: 2, messages: [5, 6], files: { 5: 1 }, isPublic: true }),
  chatGroup({ n: 3, messages: [], userId: idOf("user", 2) }),
  documentGroup({ n: 1, versions: ["one", "two"], suggestions: ["new", "newer"] }),
  documentGroup({ n: 2, versions: [`{"url":"/files/${idOf("upload", 2)}"}`], kind: "image" }),
];

describe.each(eachTarget)("to the target %s", (_, open) => {
  let opened: TestTarget;
  let target: Target;
  beforeAll(async () => {
    opened = await open();
    target = opened.target;
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await emptyTarget(target);
    await prepareTarget(target);
  });

  async function write(...groups: readonly WritableGroup[]) {
    const findings: Finding[] = [];
    const totals = await writeGroups(target, inTurn(groups), {
      onFinding: (finding) => findings.push(finding),
    });
    return { findings, totals };
  }

  test("all rows are written, with counts, links and the ledger", async () => {
    const { totals, findings } = await write(...everything);
    expect(findings).toEqual([]);
    expect(totals).toMatchObject({ groups: 7, rows: 24 });
    await expectSound(target);
    expect(await listed(readLedger(target))).toEqual(
      everything.map(({ source: { kind, id, digest } }) => ({ kind, id, digest })),
    );
    expect(await rowsIn(target, "SELECT * FROM documentFiles")).toHaveLength(1);
    expect(await rowsIn(target, "SELECT email, name FROM users ORDER BY id", "home")).toEqual([
      { email: "user1@example.com", name: "User 1 😀" },
      { email: null, name: null },
    ]);
  });

  test("groups that are written again change nothing", async () => {
    await write(...everything);
    const before = await stateOf(target);
    await write(...everything);
    expect(await stateOf(target)).toEqual(before);
    await expectSound(target);
  });

  test("changed groups end as if they were new", async () => {
    await write(...everything);
    const changed = [
      userGroup(1, { name: "Ada" }, "2"),
      // A message fewer in the middle, a new one, another text, other files, another vote.
      chatGroup({
        n: 1,
        messages: [1, 4, 7],
        texts: { 4: "another" },
        files: { 1: 3, 4: 1, 7: 2 },
        votes: [4, 7],
        title: "A longer title",
        digest: "2",
      }),
      chatGroup({ n: 2, messages: [5], files: { 5: 1 }, digest: "2" }),
      documentGroup({
        n: 1,
        versions: ["one", "other", "three"],
        suggestions: ["newest"],
        digest: "2",
      }),
      documentGroup({
        n: 2,
        versions: [`{"url":"/files/${idOf("upload", 2)}","alt":"x"}`],
        kind: "image",
        digest: "2",
      }),
    ];
    const { findings } = await write(...changed);
    expect(findings).toEqual([]);
    await expectSound(target);
    const state = await stateOf(target);
    await emptyTarget(target);
    await prepareTarget(target);
    const fresh = everything.map(
      (group) => changed.find(({ source }) => source.id === group.source.id) ?? group,
    );
    await write(...fresh);
    expect(state).toEqual(await stateOf(target));
  });

  test("a chat of several batches is whole, and so is its next state", async () => {
    const count = 1_200;
    const messages = Array.from({ length: count }, (_, index) => index + 1);
    const long = (digest: string, few: readonly number[]) =>
      chatGroup({
        n: 1,
        messages: few,
        files: { [few.at(-1) ?? 0]: 1 },
        texts: Object.fromEntries(
          few.map((number) => [number, `“${digest}” ${'x"\n'.repeat(800)}`]),
        ),
        digest,
      });
    await write(userGroup(1), long("1", messages), chatGroup({ n: 2, messages: [9_001] }));
    await expectSound(target);
    expect(await rowsIn(target, "SELECT count(*) AS n FROM messages")).toEqual([{ n: count + 1 }]);
    await write(
      long(
        "2",
        messages.filter((number) => number % 3 > 0),
      ),
    );
    await expectSound(target);
    const state = await stateOf(target);
    await emptyTarget(target);
    await prepareTarget(target);
    await write(
      userGroup(1),
      long(
        "2",
        messages.filter((number) => number % 3 > 0),
      ),
      chatGroup({ n: 2, messages: [9_001] }),
    );
    expect(state).toEqual(await stateOf(target));
  });

  test("rows of nearly 2 MB are written, and written again", async () => {
    const content = `"\n${"é\t".repeat(490_000)}`;
    const document = (digest: string) =>
      documentGroup({ n: 1, versions: [`${digest}${content}`, "small"], digest });
    await write(userGroup(1), document("1"));
    await write(document("2"));
    const [row] = await rowsIn<{ content: string }>(
      target,
      "SELECT content FROM documentVersions WHERE version = 1",
    );
    expect(row?.content).toBe(`2${content}`);
    await expectSound(target);
  });

  test("a text keeps every character", async () => {
    const name = "\u0000 NUL, \u2028, \ufeff, \u{1f600}, ' \" \\ \n\r\t \u007f";
    await write(userGroup(1, { name }));
    expect(await rowsIn(target, "SELECT name FROM users", "home")).toEqual([{ name }]);
  });

  test("addresses that change hands arrive, in whatever order", async () => {
    await write(userGroup(1, { email: "a@x" }), userGroup(2, { email: "b@x" }), userGroup(3));
    await write(userGroup(1, { email: "b@x" }, "2"), userGroup(2, { email: "a@x" }, "2"));
    await write(userGroup(1, { email: "user3@example.com" }, "3"));
    await write(userGroup(3, { email: "b@x" }, "2"));
    expect(await rowsIn(target, "SELECT email FROM users ORDER BY id", "home")).toEqual([
      { email: "user3@example.com" },
      { email: "a@x" },
      { email: "b@x" },
    ]);
  });

  test("an account that was made here keeps its address", async () => {
    await run(
      target,
      "INSERT INTO users (id, email, createdAt) VALUES ('x', 'user1@example.com', 1)",
      "home",
    );
    const { findings } = await write(userGroup(1));
    expect(findings).toMatchObject([{ code: "email-taken-here", id: ada }]);
    expect(await rowsIn(target, "SELECT id, email FROM users ORDER BY id", "home")).toEqual([
      { id: ada, email: `${ada}@imported.invalid` },
      { id: "x", email: "user1@example.com" },
    ]);
  });

  test("a conversation that went on here keeps its messages, and shows them", async () => {
    await write(userGroup(1), chatGroup({ n: 1, messages: [1, 2, 3] }));
    const own = idOf("message", 99);
    await run(
      target,
      `INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, createdAt)
        VALUES ('${ada}', '${own}', '${idOf("chat", 1)}', '${idOf("message", 2)}', 'user', '[]', 'complete', 9)`,
    );
    await run(target, `UPDATE chats SET currentMessageId = '${own}', updatedAt = 9000`);
    // The source has neither 2 nor 3 any more.
    const { findings } = await write(
      chatGroup({ n: 1, messages: [1, 4], title: "New", digest: "2" }),
    );
    expect(findings).toMatchObject([{ code: "message-kept", id: idOf("message", 2) }]);
    const ids = await rowsIn<{ id: string }>(target, "SELECT id FROM messages ORDER BY id");
    expect(ids.map(({ id }) => id)).toEqual([
      ...[1, 2, 4].map((number) => idOf("message", number)),
      own,
    ]);
    expect(await rowsIn(target, "SELECT title, currentMessageId, updatedAt FROM chats")).toEqual([
      { title: "New", currentMessageId: own, updatedAt: 9_000 },
    ]);
    await expectSound(target);
  });

  test("a document that was edited here stays as it is", async () => {
    await write(userGroup(1), documentGroup({ n: 1, versions: ["one"] }));
    await run(
      target,
      `INSERT INTO documentVersions (userId, documentId, version, number, author, content, contentHash, startedAt, createdAt)
        VALUES ('${ada}', '${idOf("document", 1)}', 2, 2, 'person', 'mine', 'x', 1, 1)`,
    );
    const before = await stateOf(target);
    const { findings } = await write(
      documentGroup({ n: 1, versions: ["one", "two"], digest: "2" }),
    );
    expect(findings).toMatchObject([{ code: "edited-here", id: idOf("document", 1) }]);
    expect(await stateOf(target)).toEqual(before);
  });

  test("search is told of each changed chat, and of many by one row", async () => {
    await write(
      userGroup(1),
      chatGroup({ n: 1, messages: [1] }),
      chatGroup({ n: 2, messages: [2] }),
    );
    const notes = () =>
      rowsIn(target, "SELECT userId, chatId, scope FROM searchChanges ORDER BY id");
    expect(await notes()).toEqual([{ userId: ada, chatId: "", scope: "all" }]);
    await run(target, "DELETE FROM searchChanges");
    await write(chatGroup({ n: 2, messages: [2, 3], digest: "2" }));
    expect(await notes()).toEqual([{ userId: ada, chatId: idOf("chat", 2), scope: "chat" }]);
    await run(target, "DELETE FROM searchChanges");
    const many = Array.from({ length: 150 }, (_, index) =>
      chatGroup({ n: 10 + index, messages: [] }),
    );
    await write(...many);
    const scopes = await rowsIn(
      target,
      "SELECT scope, count(*) AS n FROM searchChanges GROUP BY scope ORDER BY scope",
    );
    expect(scopes).toEqual([
      { scope: "all", n: 1 },
      { scope: "chat", n: 100 },
    ]);
  });

  test("rows of tables that the product does not know are written and taken back", async () => {
    await run(target, 'DROP TABLE IF EXISTS "legacy_odd ""name"""');
    await run(
      target,
      'CREATE TABLE "legacy_odd ""name""" ("a b" TEXT, n INTEGER, PRIMARY KEY ("a b")) STRICT',
    );
    const legacy = (digest: string, ...rows: readonly Record<string, string | number>[]) =>
      groupOf(
        "legacy",
        "odd:0",
        [{ table: 'legacy_odd "name"', database: "content", key: ["a b"], rows }],
        { digest },
      );
    await write(legacy("1", { "a b": "x", n: 1 }, { "a b": "y", n: 2 }));
    await write(legacy("2", { "a b": "y", n: 3 }));
    expect(await rowsIn(target, 'SELECT * FROM "legacy_odd ""name"""')).toEqual([
      { "a b": "y", n: 3 },
    ]);
  });
});
