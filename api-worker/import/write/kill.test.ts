import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Target } from "../model.ts";
import { emptyTarget, openRemoteTestTarget } from "../test/each-target.ts";
import { failingAfter, Killed } from "../test/failing-target.ts";
import { chatGroup, documentGroup, idOf, inTurn, userGroup } from "../test/groups.ts";
import { openTestTarget, type TestTarget } from "../test/local-target.ts";
import { expectSound, stateOf } from "../test/target-state.ts";
import { deleteGroups } from "./delete-groups.ts";
import { prepareTarget, readLedger } from "./ledger.ts";
import { planRun } from "./plan-run.ts";
import { type WritableGroup, writeGroups } from "./write-groups.ts";

const batchMaxBytes = 1_500;
const long = "x".repeat(500);
const longTexts = (...numbers: readonly number[]) =>
  Object.fromEntries(numbers.map((number) => [number, `${number} ${long}`]));
const picture = (n: number) => `{"url":"/files/${idOf("upload", n)}"}`;

/** A source, and what it is a day later. The first chat takes several batches. */
const first = [
  userGroup(1),
  userGroup(2),
  chatGroup({
    n: 1,
    messages: [1, 2, 3, 4, 5, 6],
    texts: longTexts(1, 2, 3, 4, 5, 6),
    files: { 1: 1 },
    votes: [2, 4],
  }),
  chatGroup({ n: 2, messages: [7, 8], files: { 7: 1 }, isPublic: true }),
  chatGroup({ n: 4, userId: idOf("user", 2), messages: [9] }),
  documentGroup({ n: 1, versions: ["one", "two"], suggestions: ["new"] }),
  documentGroup({ n: 2, versions: [picture(1)], kind: "image" }),
];
const second = [
  userGroup(1, { email: "user2@example.com" }, "2"),
  chatGroup({
    n: 1,
    messages: [1, 3, 4, 10, 5, 6],
    texts: longTexts(1, 3, 4, 5, 6, 10),
    files: { 6: 1 },
    votes: [4],
    digest: "2",
  }),
  chatGroup({ n: 2, messages: [7], files: { 7: 1 }, digest: "2" }),
  chatGroup({ n: 3, messages: [11] }),
  documentGroup({ n: 1, versions: ["other", "two", "three"], digest: "2" }),
  documentGroup({ n: 2, versions: [picture(1), picture(1)], kind: "image", digest: "2" }),
];

/** A whole run. */
async function copy(target: Target, groups: readonly WritableGroup[]): Promise<void> {
  await prepareTarget(target);
  const deleted: { kind: "user" | "chat" | "document" | "legacy"; id: string }[] = [];
  const sources = groups.map(({ source }) => source);
  async function* changed() {
    for await (const { action, group } of planRun(inTurn(sources), readLedger(target))) {
      if (action === "delete") deleted.push(group);
      if (action !== "copy") continue;
      const found = groups.find(({ source }) => source === group);
      if (found) yield found;
    }
  }
  await writeGroups(target, changed(), { batchMaxBytes });
  await deleteGroups(target, deleted);
}

describe.each([
  // Each call takes one more run, so over the slower target only some of the places are tried.
  ["one database", openTestTarget, 1],
  ["home and content divided", () => openRemoteTestTarget({ isDivided: true }), 4],
] as const)("%s", (_, open, step) => {
  let opened: TestTarget;
  let target: Target;
  beforeAll(async () => {
    opened = await open();
    target = opened.target;
  });
  afterAll(() => opened.close());

  async function startOver() {
    await emptyTarget(target);
    await copy(target, first);
  }

  async function expectedState() {
    await startOver();
    await copy(target, second);
    await expectSound(target);
    return stateOf(target);
  }

  test("a run that ends after any of its calls is completed by the next one", async () => {
    const expected = await expectedState();
    let calls = 0;
    for (let hasEnded = true; hasEnded; ) {
      calls += step;
      hasEnded = false;
      await emptyTarget(target);
      for (const groups of [first, second]) {
        try {
          await copy(failingAfter(target, calls), groups);
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
          hasEnded = true;
          await copy(target, groups);
        }
      }
      expect(await stateOf(target), `after ${calls} calls`).toEqual(expected);
      await expectSound(target);
    }
    expect(calls).toBeGreaterThan(8);
  });

  test("a batch that ends after any of its statements is completed by the next run", async () => {
    const expected = await expectedState();
    let cuts = 0;
    for (let count = 1; ; count += step) {
      await startOver();
      let hasCut = false;
      // The first batch that is large enough ends early, and nothing is written after it.
      const failing: Target = {
        ...target,
        async batch(database, statements) {
          if (hasCut) throw new Killed();
          if (statements.length <= count) return target.batch(database, statements);
          hasCut = true;
          for (const statement of statements.slice(0, count)) {
            await target.batch(database, [statement]);
          }
          throw new Killed();
        },
      };
      await copy(failing, second).catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
      if (!hasCut) break;
      cuts += 1;
      await copy(target, second);
      expect(await stateOf(target), `after ${count} statements`).toEqual(expected);
      await expectSound(target);
    }
    expect(cuts * step).toBeGreaterThan(8);
  });
});
