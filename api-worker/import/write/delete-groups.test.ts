import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Finding, GroupKey, Target } from "../model.ts";
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
import { deleteGroups } from "./delete-groups.ts";
import { prepareTarget, readLedger } from "./ledger.ts";
import { type WritableGroup, writeGroups } from "./write-groups.ts";

const ada = idOf("user", 1);
const grace = idOf("user", 2);

const everything = [
  userGroup(1),
  userGroup(2),
  chatGroup({ n: 1, messages: [1, 2, 3, 4], files: { 1: 1 }, votes: [2], isPublic: true }),
  chatGroup({ n: 2, userId: grace, messages: [5, 6], files: { 5: 2 } }),
  documentGroup({ n: 1, versions: ["one", "two"], suggestions: ["new"], chatId: idOf("chat", 1) }),
  documentGroup({ n: 2, userId: grace, versions: ["one"] }),
];
const keysOf = (groups: readonly WritableGroup[]): GroupKey[] =>
  groups.map(({ source: { kind, id } }) => ({ kind, id }));

describe.each(eachTarget)("in the target %s", (_, open) => {
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
    await writeGroups(target, inTurn(everything));
  });

  async function remove(...groups: readonly GroupKey[]) {
    const findings: Finding[] = [];
    const totals = await deleteGroups(target, groups, {
      onFinding: (finding) => findings.push(finding),
    });
    return { totals, codes: findings.map(({ code, id }) => [code, id]) };
  }

  test("deleted groups leave nothing but files that wait for the cron", async () => {
    await run(target, `INSERT INTO preferences (userId, updatedAt) VALUES ('${ada}', 1)`);
    expect(await remove(...keysOf(everything))).toEqual({
      totals: { deleted: 6, kept: 0 },
      codes: [],
    });
    const { uploads, ...others } = await stateOf(target);
    expect(Object.values(others).flat()).toEqual([]);
    expect(uploads).toHaveLength(2);
    expect(await rowsIn(target, "SELECT DISTINCT state FROM uploads")).toEqual([
      { state: "deleting" },
    ]);
    expect(await rowsIn(target, "SELECT * FROM preferences")).toEqual([]);
  });

  test("only the named groups go, and search is told of their chats", async () => {
    await run(target, "DELETE FROM searchChanges");
    await remove(
      { kind: "chat", id: idOf("chat", 2) },
      { kind: "document", id: idOf("document", 2) },
    );
    expect((await listed(readLedger(target))).map(({ id }) => id)).toEqual([
      ...[ada, grace, idOf("chat", 1), idOf("document", 1)],
    ]);
    expect(
      await rowsIn(target, "SELECT userId, chatId, scope FROM searchChanges WHERE scope = 'chat'"),
    ).toEqual([{ userId: grace, chatId: idOf("chat", 2), scope: "chat" }]);
    await expectSound(target);
  });

  const own = idOf("message", 99);
  const addMessage = () =>
    run(
      target,
      `INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, createdAt)
        VALUES ('${ada}', '${own}', '${idOf("chat", 1)}', '${idOf("message", 2)}', 'user', '[]', 'complete', 9)`,
    );

  test("a chat that went on here stays whole, with its owner, until that is gone too", async () => {
    await addMessage();
    await remove({ kind: "document", id: idOf("document", 1) });
    const before = await stateOf(target);
    const gone: GroupKey[] = [
      { kind: "user", id: ada },
      { kind: "chat", id: idOf("chat", 1) },
    ];
    for (const _again of [1, 2]) {
      expect(await remove(...gone)).toEqual({
        totals: { deleted: 0, kept: 2 },
        codes: [
          ["chat-kept", idOf("chat", 1)],
          ["user-kept", ada],
        ],
      });
      const { importGroups: __, ...state } = await stateOf(target);
      expect(before).toMatchObject(state);
    }
    await run(target, `DELETE FROM messages WHERE id = '${own}'`);
    expect((await remove(...gone)).totals).toEqual({ deleted: 2, kept: 0 });
    await expectSound(target);
  });

  test("a chat with a document that was made or edited here stays, and so does the document", async () => {
    await run(
      target,
      `INSERT INTO documentVersions (userId, documentId, version, number, author, content, contentHash, startedAt, createdAt)
        VALUES ('${ada}', '${idOf("document", 1)}', 3, 3, 'person', 'mine', 'x', 1, 1)`,
    );
    const { codes } = await remove(
      { kind: "chat", id: idOf("chat", 1) },
      { kind: "document", id: idOf("document", 1) },
    );
    expect(codes).toEqual([
      ["document-kept", idOf("document", 1)],
      ["chat-kept", idOf("chat", 1)],
    ]);
    expect(await rowsIn(target, "SELECT count(*) AS n FROM documentVersions")).toEqual([{ n: 4 }]);
    expect(await rowsIn(target, `SELECT count(*) AS n FROM messages`)).toEqual([{ n: 6 }]);
  });

  test("a kept chat that the source has again is written as usual", async () => {
    await addMessage();
    await remove({ kind: "chat", id: idOf("chat", 1) });
    await writeGroups(target, inTurn([chatGroup({ n: 1, messages: [1, 2], digest: "2" })]));
    const [group] = await rowsIn<{ digest: string }>(
      target,
      `SELECT digest FROM importGroups WHERE id = '${idOf("chat", 1)}'`,
    );
    expect(group?.digest).toBe("2");
    await expectSound(target);
  });

  test("a file that another chat uses too is not deleted, and becomes that chat’s", async () => {
    await writeGroups(
      target,
      inTurn([chatGroup({ n: 3, messages: [7], files: { 7: 1 }, digest: "1" })]),
    );
    await remove(
      { kind: "document", id: idOf("document", 1) },
      { kind: "chat", id: idOf("chat", 1) },
    );
    expect(await rowsIn(target, "SELECT id, state, chatId FROM uploads ORDER BY id")).toEqual([
      { id: idOf("upload", 1), state: "ready", chatId: idOf("chat", 3) },
      { id: idOf("upload", 2), state: "ready", chatId: idOf("chat", 2) },
    ]);
    await expectSound(target);
  });

  test("rows of tables that the product does not know go with their group", async () => {
    await run(target, "CREATE TABLE IF NOT EXISTS legacy_x (a TEXT PRIMARY KEY) STRICT");
    const rows = [{ a: "1" }, { a: "2" }];
    const table = { table: "legacy_x", database: "content", key: ["a"], rows } as const;
    await writeGroups(target, inTurn([groupOf("legacy", "x:0", [table])]));
    expect((await remove({ kind: "legacy", id: "x:0" })).totals.deleted).toBe(1);
    expect(await rowsIn(target, "SELECT * FROM legacy_x")).toEqual([]);
  });
});
