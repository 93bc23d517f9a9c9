import { expect, test } from "vitest";
import { reportBreaks } from "./lib/contract/check-contract.ts";
import { findBreaks, findNewObjectCalls } from "./lib/contract/compare-contracts.ts";
import type { Contract, ObjectCall, Procedure, Snapshot } from "./lib/contract/contract.ts";
import type { JsonSchema } from "./lib/contract/schema-misfits.ts";

const text = { type: "string" };
const id = { type: "string", maxLength: 100 };

/** @param fields required unless the name ends in `?` */
function fieldsOf(fields: Record<string, JsonSchema>): JsonSchema {
  const names = Object.keys(fields);
  const bare = (name: string) => name.replace("?", "");
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [bare(name), fields[name]])),
    required: names.filter((name) => !name.endsWith("?")),
  };
}

const renameInput = fieldsOf({ chatId: id, title: text, "onlyIfEmpty?": { type: "boolean" } });
const rename: Procedure = {
  kind: "mutation",
  input: renameInput,
  isInputOptional: false,
  output: fieldsOf({
    id: text,
    title: text,
    visibility: { type: "string", enum: ["private", "public"] },
    "pinnedAt?": { type: ["number", "null"] },
  }),
};
const watch: Procedure = {
  kind: "subscription",
  input: fieldsOf({ "isHidden?": { type: "boolean" } }),
  isInputOptional: true,
  output: {
    "x-yields": {
      oneOf: [
        fieldsOf({ type: { const: "deleted" }, chatId: text }),
        fieldsOf({ type: { const: "titled" }, chatId: text, title: text }),
      ],
    },
  },
};
const start: ObjectCall = {
  takes: fieldsOf({
    "argument 1": {
      anyOf: [
        fieldsOf({ kind: { enum: ["continue"] }, messageId: text }),
        fieldsOf({ kind: { enum: ["send"] }, text }),
      ],
    },
  }),
  gives: fieldsOf({ kind: { type: "string", enum: ["busy", "started"] }, "turnId?": text }),
};
const deployed: Snapshot = {
  deployedOn: "2026-11-29",
  version: "1",
  procedures: { "chats.rename": rename, "chats.watch": watch },
  objects: { "ChatObject.start": start },
};

/** The deployed contract with other calls. */
function changed(
  procedures: Record<string, Partial<Procedure>>,
  objects: Record<string, Partial<ObjectCall>> = {},
): Contract {
  const merge = <Call>(
    calls: Readonly<Record<string, Call>>,
    changes: Record<string, Partial<Call>>,
  ): Record<string, Call> => {
    const names = new Set([...Object.keys(calls), ...Object.keys(changes)]);
    return Object.fromEntries(
      [...names].map((name) => [name, { ...calls[name], ...changes[name] } as Call]),
    );
  };
  return {
    version: "2",
    procedures: merge(deployed.procedures, procedures),
    objects: merge(deployed.objects, objects),
  };
}

function without(name: "chats.rename" | "ChatObject.start"): Contract {
  const { [name]: _, ...procedures } = deployed.procedures;
  const { [name]: __, ...objects } = deployed.objects;
  return { ...deployed, procedures, objects };
}

/** A schema of fields with some of them replaced. */
function withFields(schema: JsonSchema, fields: Record<string, JsonSchema>): JsonSchema {
  const other = fieldsOf(fields);
  const replaced = new Set(Object.keys(other.properties as object));
  const kept = (schema.required as string[]).filter((name) => !replaced.has(name));
  return {
    ...schema,
    properties: { ...(schema.properties as object), ...(other.properties as object) },
    required: [...kept, ...(other.required as string[])],
  };
}

function dropField(schema: JsonSchema, name: string): JsonSchema {
  const { [name]: _, ...properties } = schema.properties as Record<string, JsonSchema>;
  const required = (schema.required as string[]).filter((field) => field !== name);
  return { ...schema, properties, required };
}

const visibility = (...values: string[]) => ({
  output: withFields(rename.output, { visibility: { type: "string", enum: values } }),
});
const deletedNews = fieldsOf({ type: { const: "deleted" }, chatId: text });
const titledNews = fieldsOf({ type: { const: "titled" }, chatId: text, title: text });
const movedNews = fieldsOf({ type: { const: "moved" }, chatId: text });

test.each<[change: string, contract: Contract, sentence: string]>([
  [
    "a procedure is removed",
    without("chats.rename"),
    "chats.rename: an older web app calls it, and this worker does not have it.",
  ],
  [
    "a query becomes a mutation",
    changed({ "chats.rename": { kind: "query" } }),
    "chats.rename: an older web app calls it as a mutation, and it is a query.",
  ],
  [
    "a required input is added",
    changed({ "chats.rename": { input: withFields(renameInput, { folderId: text }) } }),
    "chats.rename: this worker needs `folderId` in the input, which an older web app may leave out.",
  ],
  [
    "an optional input becomes required",
    changed({
      "chats.rename": { input: withFields(renameInput, { onlyIfEmpty: { type: "boolean" } }) },
    }),
    "chats.rename: this worker needs `onlyIfEmpty` in the input, which an older web app may leave out.",
  ],
  [
    "an input that could be left out is needed",
    changed({ "chats.watch": { isInputOptional: false } }),
    "chats.watch: this worker needs an input, which an older web app may leave out.",
  ],
  [
    "an input is not read any more",
    changed({ "chats.rename": { input: dropField(renameInput, "onlyIfEmpty") } }),
    "chats.rename: an older web app sends `onlyIfEmpty` in the input, which this worker does not read.",
  ],
  [
    "an input gets another type",
    changed({ "chats.rename": { input: withFields(renameInput, { title: { type: "number" } }) } }),
    "chats.rename: an older web app may send a value of type string as `title` in the input, where this worker knows number.",
  ],
  [
    "the bound of an input becomes narrower",
    changed({
      "chats.rename": {
        input: withFields(renameInput, { chatId: { type: "string", maxLength: 36 } }),
      },
    }),
    "chats.rename: an older web app may send values as `chatId` in the input that this worker refuses (maxLength).",
  ],
  [
    "an output field is removed",
    changed({ "chats.rename": { output: dropField(rename.output, "title") } }),
    "chats.rename: an older web app needs `title` in the output, which this worker may leave out.",
  ],
  [
    "an output field can be left out",
    changed({ "chats.rename": { output: withFields(rename.output, { "title?": text }) } }),
    "chats.rename: an older web app needs `title` in the output, which this worker may leave out.",
  ],
  [
    "an output enum is widened",
    changed({ "chats.rename": visibility("private", "public", "team") }),
    'chats.rename: this worker may send "team" as `visibility` in the output, which an older web app does not know.',
  ],
  [
    "an output can be null",
    changed({
      "chats.rename": {
        output: withFields(rename.output, { title: { type: ["string", "null"] } }),
      },
    }),
    "chats.rename: this worker may send a value of type null as `title` in the output, where an older web app knows string.",
  ],
  [
    "a subscription yields another kind of event",
    changed({
      "chats.watch": { output: { "x-yields": { oneOf: [deletedNews, titledNews, movedNews] } } },
    }),
    'chats.watch: this worker may send "moved" as `[].type` in the output, which an older web app does not know.',
  ],
  [
    "an object's call is removed",
    without("ChatObject.start"),
    "ChatObject.start: older code calls it, and this code does not have it.",
  ],
  [
    "an object's call takes another kind of request",
    changed(
      {},
      {
        "ChatObject.start": {
          takes: fieldsOf({
            "argument 1": {
              anyOf: [
                fieldsOf({ kind: { enum: ["continue"] }, messageId: text }),
                fieldsOf({ kind: { enum: ["send"] }, text }),
                fieldsOf({ kind: { enum: ["draw"] }, text }),
              ],
            },
          }),
        },
      },
    ),
    'ChatObject.start: this code may send "draw" as `argument 1.kind` in what it takes, which older code does not know.',
  ],
  [
    "an object's call needs another argument",
    changed({}, { "ChatObject.start": { takes: withFields(start.takes, { "argument 2": text }) } }),
    "ChatObject.start: this code needs `argument 2` in what it takes, which older code may leave out.",
  ],
  [
    "an object's result has a field on which the worker relies",
    changed({}, { "ChatObject.start": { gives: withFields(start.gives, { turnId: text }) } }),
    "ChatObject.start: this code needs `turnId` in what it gives, which older code may leave out.",
  ],
  [
    "an object's result has another value",
    changed(
      {},
      {
        "ChatObject.start": {
          gives: withFields(start.gives, {
            kind: { type: "string", enum: ["busy", "full", "started"] },
          }),
        },
      },
    ),
    'ChatObject.start: this code may send "full" as `kind` in what it gives, which older code does not know.',
  ],
])("the check fails when %s", (_, contract, sentence) => {
  const { isSound, lines } = reportBreaks(contract, [deployed]);
  expect(lines).toEqual([
    "Breaks the contract that was deployed on 2026-11-29:",
    `  ${sentence}`,
    "docs/contract.md says how to change a contract without a break.",
  ]);
  expect(isSound).toBe(false);
});

test.each<[change: string, contract: Contract]>([
  ["nothing changes", deployed],
  ["a procedure is added", changed({ "chats.archive": rename })],
  [
    "an optional input is added",
    changed({ "chats.rename": { input: withFields(renameInput, { "folderId?": text }) } }),
  ],
  [
    "a required input becomes optional",
    changed({ "chats.rename": { input: withFields(renameInput, { "title?": text }) } }),
  ],
  [
    "the bound of an input becomes wider",
    changed({ "chats.rename": { input: withFields(renameInput, { chatId: text }) } }),
  ],
  [
    "an output field is added",
    changed({ "chats.rename": { output: withFields(rename.output, { folderId: text }) } }),
  ],
  ["an output enum is narrowed", changed({ "chats.rename": visibility("private") })],
  [
    "a subscription yields fewer kinds of events",
    changed({ "chats.watch": { output: { "x-yields": deletedNews } } }),
  ],
  ["an object's call is added", changed({}, { "ChatObject.draw": start })],
  [
    "an object's call takes and gives what may be left out",
    changed(
      {},
      {
        "ChatObject.start": {
          takes: withFields(start.takes, { "argument 2?": text }),
          gives: withFields(start.gives, { "queuePlace?": { type: "number" } }),
        },
      },
    ),
  ],
])("the check passes when %s", (_, contract) => {
  expect(findBreaks(deployed, contract)).toEqual([]);
});

test("both deployed contracts count, and a break of both is told once", () => {
  const older: Snapshot = {
    ...deployed,
    deployedOn: "2026-11-20",
    procedures: { ...deployed.procedures, "chats.archive": rename },
  };
  expect(reportBreaks(without("chats.rename"), [deployed, older]).lines).toEqual([
    "Breaks the contract that was deployed on 2026-11-29:",
    "  chats.rename: an older web app calls it, and this worker does not have it.",
    "Breaks the contract that was deployed on 2026-11-20:",
    "  chats.archive: an older web app calls it, and this worker does not have it.",
    "docs/contract.md says how to change a contract without a break.",
  ]);
});

test("a break that was accepted passes, until it is none", () => {
  const [sentence = ""] = findBreaks(deployed, without("chats.rename"));
  const accepted = [{ break: sentence, because: "No page calls it any more." }];
  expect(reportBreaks(without("chats.rename"), [deployed], accepted).isSound).toBe(true);
  expect(reportBreaks(deployed, [deployed], accepted).lines).toEqual([
    `accepted.json names a break that does not occur: ${sentence}`,
    "docs/contract.md says how to change a contract without a break.",
  ]);
});

test("a new call of an object is told, because older objects do not answer it", () => {
  const current = changed({}, { "ChatObject.draw": start });
  expect(findNewObjectCalls(deployed, current)).toEqual(["ChatObject.draw"]);
  expect(reportBreaks(current, [deployed])).toEqual({
    isSound: true,
    lines: ["ChatObject.draw is new: objects that run the older code do not answer it."],
  });
});

test("a schema that contains itself is compared once", () => {
  const tree = (leaf: JsonSchema): JsonSchema => ({
    $ref: "#/$defs/tree",
    $defs: {
      tree: fieldsOf({ leaf, branches: { type: "array", items: { $ref: "#/$defs/tree" } } }),
    },
  });
  const contractWith = (leaf: JsonSchema) => changed({ "chats.rename": { output: tree(leaf) } });
  expect(findBreaks(contractWith(text), contractWith(text))).toEqual([]);
  expect(findBreaks(contractWith(text), contractWith({ type: "number" }))).toEqual([
    "chats.rename: this worker may send a value of type number as `leaf` in the output, where an older web app knows string.",
  ]);
});
