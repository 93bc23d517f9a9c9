import { expect, test } from "vitest";
import type { GroupKind, SourceGroup } from "../model.ts";
import { inBatches } from "./batches.ts";

function group(id: string, bytes: number, kind: GroupKind = "chat"): SourceGroup {
  return { kind, id, digest: "", bytes };
}

test("a batch ends at its bounds and at another kind, and no group is left out", async () => {
  const groups = [
    ...[group("a", 4, "user"), group("b", 4), group("c", 4), group("d", 4), group("e", 3)],
    ...[group("f", 20), group("g", 1), group("h", 1), group("i", 1), group("j", 1)],
  ];
  const batches: string[] = [];
  for await (const batch of inBatches(groups, { groups: 3, bytes: 10 })) {
    batches.push(batch.map(({ id }) => id).join(""));
  }
  expect(batches).toEqual(["a", "bc", "de", "f", "ghi", "j"]);
});

test("there is no batch of no group", async () => {
  for await (const batch of inBatches([], { groups: 1, bytes: 1 })) expect(batch).toBeUndefined();
});
