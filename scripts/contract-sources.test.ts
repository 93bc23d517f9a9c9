import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Contract, Procedure } from "./lib/contract/contract.ts";
import { readObjectCalls } from "./lib/contract/read-objects.ts";
import { readSnapshots, recordSnapshot } from "./lib/contract/snapshots.ts";

function makeFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "src"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function readFixture(entry: string, wires = "export interface ObjectWires {}"): unknown {
  const folder = makeFolder({
    "tsconfig.json": '{"compilerOptions":{"strict":true,"lib":["es2024"],"types":[]}}',
    "src/object.ts": entry,
    "src/index.ts": 'export { Room } from "./object.ts"; export class Other { hidden(): void {} }',
    "src/wires.ts": wires,
  });
  const [index, wiresFile] = [join(folder, "src/index.ts"), join(folder, "src/wires.ts")];
  return readObjectCalls({
    entry: index,
    wires: wiresFile,
    tsconfig: join(folder, "tsconfig.json"),
  });
}

const base = "declare class DurableObject { alarm(): void; }\n";

test("the calls of an object are its public methods, with the types of arguments and results", () => {
  const calls = readFixture(`${base}
    type Kind = "open" | "shut";
    interface Item { readonly id: string; readonly parent?: Item | null; readonly on: boolean }
    export class Room extends DurableObject {
      #secret(): void {}
      private inner(): void {}
      alarm(): void {}
      async enter(kind: Kind, item: Item, tries = 1): Promise<readonly [number, ...string[]] | null> {
        return null;
      }
      leave(by?: string): void {}
    }`);
  expect(calls).toEqual({
    "Room.enter": {
      takes: {
        type: "object",
        properties: {
          "argument 1": { type: "string", enum: ["open", "shut"] },
          "argument 2": {
            type: "object",
            properties: {
              id: { type: "string" },
              on: { type: "boolean" },
              parent: { anyOf: [{ type: "null" }, { "x-name": "Item" }] },
            },
            required: ["id", "on"],
          },
          "argument 3": { type: "number" },
        },
        required: ["argument 1", "argument 2"],
      },
      gives: {
        anyOf: [
          {
            type: "array",
            prefixItems: [{ type: "number" }],
            items: { type: "string" },
          },
          { type: "null" },
        ],
      },
    },
    "Room.leave": {
      takes: { type: "object", properties: { "argument 1": { type: "string" } }, required: [] },
      gives: { not: {} },
    },
  });
});

test("an object that answers fetch says what passes", () => {
  const room = `${base}export class Room extends DurableObject { fetch(): void {} }`;
  expect(() => readFixture(room)).toThrow(
    /^Room.fetch needs an entry in the interface ObjectWires/,
  );
  const wires =
    'export interface ObjectWires { "Room.fetch": { takes: "join"; gives: { at: number } } }';
  expect(readFixture(room, wires)).toEqual({
    "Room.fetch": {
      takes: { type: "string", enum: ["join"] },
      gives: { type: "object", properties: { at: { type: "number" } }, required: ["at"] },
    },
  });
});

const rename: Procedure = {
  kind: "mutation",
  input: { type: "object", properties: { title: { type: "string" } }, required: ["title"] },
  isInputOptional: false,
  output: { type: "null" },
};

test("the last two deployed contracts are kept, and the same one is not written twice", () => {
  const folder = makeFolder({});
  const versions = () =>
    readSnapshots(folder).map(({ version, deployedOn }) => [version, deployedOn]);
  const make = (version: string): Contract => ({
    version,
    procedures: { "chats.rename": rename },
    objects: {},
  });
  expect(versions()).toEqual([]);
  expect(recordSnapshot(make("a"), "2026-11-01", folder)).toBe(true);
  expect(recordSnapshot(make("a"), "2026-11-02", folder)).toBe(false);
  expect(versions()).toEqual([["a", "2026-11-01"]]);
  recordSnapshot(make("b"), "2026-11-03", folder);
  recordSnapshot(make("c"), "2026-11-04", folder);
  expect(versions()).toEqual([
    ["c", "2026-11-04"],
    ["b", "2026-11-03"],
  ]);
  expect(readSnapshots(folder)[0]).toEqual({ ...make("c"), deployedOn: "2026-11-04" });
  const lines = readFileSync(join(folder, "latest.json"), "utf8").split("\n");
  expect(lines.filter((line) => line.includes('"chats.rename"'))).toHaveLength(1);
});
