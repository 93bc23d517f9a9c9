import { expect, test } from "vitest";
import type { GroupKind, SourceGroup } from "../model.ts";
import { listed } from "../test/groups.ts";
import type { LedgerGroup } from "./ledger.ts";
import { planRun } from "./plan-run.ts";

async function* groups(...texts: readonly string[]): AsyncGenerator<SourceGroup> {
  for (const text of texts) {
    const [kind, id, digest] = text.split(" ") as [GroupKind, string, string];
    yield { kind, id, digest, bytes: 1 };
  }
}

const plan = async (source: AsyncIterable<SourceGroup>, ledger: AsyncIterable<LedgerGroup>) =>
  (await listed(planRun(source, ledger))).map(
    ({ action, group }) => `${action} ${group.kind} ${group.id}`,
  );

test("new and changed groups are copied, others left, and those that are gone deleted", async () => {
  const source = groups(
    ...["user a 1", "user c 1", "chat a 1", "chat b 2", "chat d 1"],
    ...["document z 1", "legacy T:10 1", "legacy T:2 2"],
  );
  const ledger = groups(
    ...["user a 1", "user b 1", "chat b 1", "chat c 1", "chat d 1", "chat e 1"],
    ...["document a 1", "legacy T:10 1", "legacy T:2 1", "legacy U:1 1"],
  );
  expect(await plan(source, ledger)).toEqual([
    ...["leave user a", "delete user b", "copy user c"],
    ...["copy chat a", "copy chat b", "delete chat c", "leave chat d", "delete chat e"],
    ...["delete document a", "copy document z"],
    ...["leave legacy T:10", "copy legacy T:2", "delete legacy U:1"],
  ]);
});

test("an empty side is no exception", async () => {
  expect(await plan(groups(), groups("chat a 1"))).toEqual(["delete chat a"]);
  expect(await plan(groups("chat a 1"), groups())).toEqual(["copy chat a"]);
});

test("a group that was cut off is copied", async () => {
  expect(await plan(groups("chat a 1"), groups("chat a "))).toEqual(["copy chat a"]);
});

test.each([
  [groups("chat b 1", "chat a 1"), groups()],
  [groups("chat a 1", "chat a 1"), groups()],
  [groups("document a 1", "chat a 1"), groups()],
  [groups(), groups("chat b 1", "chat a 1")],
])("lists that are not in order are refused", async (source, ledger) => {
  await expect(plan(source, ledger)).rejects.toThrow("out of order");
});

test("both lists are closed when the plan is left", async () => {
  let isClosed = false;
  async function* source() {
    try {
      yield* groups("chat a 1", "chat b 1");
    } finally {
      isClosed = true;
    }
  }
  for await (const _ of planRun(source(), groups())) break;
  expect(isClosed).toBe(true);
});
