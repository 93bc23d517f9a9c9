/** Whatever JSON stands in a row: the product can read what it becomes, and no text is lost. */
import { expect, test } from "vitest";
import { dataParts } from "../../../src/contracts/message-parts.ts";
import { messageListOutput } from "../../../src/contracts/messages.ts";
import { isKnownPart } from "../../../src/contracts/part-schemas.ts";
import { exportedChatSchema } from "../../../src/contracts/transfer.ts";
import { Dice } from "../../../test/dice.ts";
import {
  chatGroup,
  contextOf,
  messageRow,
  messagesOf,
  oldRow,
  rowsOf,
  storeAll,
} from "../../test/conversion.ts";
import { collectFiles, convertGroup } from "../convert-group.ts";

const seed = Number(process.env.RANDOM_SEED ?? 4_711);
const runs = Number(process.env.RANDOM_RUNS ?? 400);

const types = [
  ...["text", "reasoning", "source", "source-url", "source-document", "tool-invocation", "file"],
  ...["image", "step-start", "tool-call", "tool-result", "redacted-reasoning", "dynamic-tool"],
  ...["tool-x", "tool-createDocument", "data-x", "hologram", "constructor", "__proto__", ""],
  ...Object.keys(dataParts).map((name) => `data-${name}`),
];
const names = [
  ...["text", "reasoning", "details", "source", "sourceId", "sourceType", "id", "url", "title"],
  ...["toolInvocation", "toolCallId", "toolName", "args", "input", "state", "result", "output"],
  ...["data", "mimeType", "mediaType", "filename", "name", "image", "isError", "errorText"],
  ...[
    "approval",
    "providerMetadata",
    "signature",
    "step",
    "content",
    "delta",
    "__proto__",
    "value",
  ],
];
const states = [
  "call",
  "result",
  "partial-call",
  "streaming",
  "done",
  "output-available",
  "output-error",
];
const words = [
  "Tea",
  "",
  "früh",
  "a\u0000b",
  "\ud800",
  "😀",
  "https://a.example/x.png",
  "data:image/png;base64,iVBO",
];
const roles = ["user", "assistant", "tool", "system", "data", ""];

class Making {
  readonly #dice: Dice;
  #marks = 0;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
  }

  below(count: number): number {
    return this.#dice.between(0, count - 1);
  }

  pick<Item>(items: readonly Item[]): Item {
    return this.#dice.pick(items) as Item;
  }

  times<Item>(max: number, make: () => Item): Item[] {
    return this.#dice.list(0, max, make);
  }

  /** Any JSON. */
  value(depth = 3): unknown {
    const kind = this.below(depth > 0 ? 9 : 6);
    if (kind === 0) return null;
    if (kind === 1) return this.#dice.isOneIn(2);
    if (kind === 2) return this.pick([0, -1, 1.5, 1e300]);
    if (kind === 3) return this.pick(states);
    if (kind < 6) return this.pick(words);
    if (kind === 6) return this.times(3, () => this.value(depth - 1));
    return this.part(depth - 1);
  }

  /** Something like a part. */
  part(depth = 3): object {
    const fields = this.times(6, (): [string, unknown] => [this.pick(names), this.value(depth)]);
    return Object.fromEntries([["type", this.pick(types)], ...fields]);
  }

  /** A part with a text that is in nothing else. */
  text(): { readonly type: "text"; readonly text: string } {
    this.#marks += 1;
    return { type: "text", text: `${this.pick(words)} mark-${this.#marks}. ${this.pick(words)}` };
  }

  /** A column of parts, or what stands in its place. */
  parts(): unknown {
    if (this.below(12) === 0) return this.value();
    return this.times(5, () =>
      this.below(2) ? this.text() : this.below(3) ? this.part() : this.value(),
    );
  }
}

/** The texts of text parts in a column, as they are stored. */
function textsIn(column: unknown): string[] {
  const list = Array.isArray(column) ? column : [column];
  return list.flatMap((part) => {
    const isText = part?.type === "text" && typeof part.text === "string";
    return isText ? [part.text.toWellFormed().replaceAll("\0", "")] : [];
  });
}

function makeChat(making: Making) {
  let second = 0;
  const texts: string[] = [];
  const told = <Column>(role: string, column: Column): Column => {
    // Of other roles all is data.
    if (role === "user" || role === "assistant") texts.push(...textsIn(column));
    return column;
  };
  const messages = making.times(4, () => {
    const role = making.pick(roles);
    const options = { second: making.below(5), attachments: making.below(2) ? [] : making.value() };
    return messageRow(++second, role, told(role, making.parts()), options);
  });
  const oldMessages = making.times(4, () => {
    const role = making.pick(roles);
    return oldRow(100 + ++second, role, told(role, making.parts()), making.below(5));
  });
  const inline = making.times(3, () => {
    const role = making.pick(roles);
    const content = told(role, making.parts());
    return {
      ...(making.below(2) ? making.part() : {}),
      role,
      content,
      parts: making.below(2) ? [] : making.value(),
    };
  });
  const chat = { title: making.pick(words), visibility: making.pick(["public", "private", "x"]) };
  const group = chatGroup({ messages, oldMessages });
  return {
    group: { ...group, chat: { ...group.chat, ...chat, messages: JSON.stringify(inline) } },
    texts,
  };
}

function check({ group, texts }: ReturnType<typeof makeChat>): void {
  const context = contextOf();
  const outcomes = storeAll(group, context);
  // Every second file is not stored.
  const kept = new Map([...outcomes].filter((_, index) => index % 2 === 0));
  const converted = convertGroup(group, context, kept);
  expect(convertGroup(group, context, kept)).toEqual(converted);
  const messages = messagesOf(converted);
  for (const { parts } of messages) {
    for (const part of parts) expect(isKnownPart(part), JSON.stringify(part)).toBe(true);
  }
  const items = messages.map((message) => ({ ...message, chatId: group.id, siblingIds: [] }));
  expect(messageListOutput.safeParse({ items, nextCursor: null }).error).toBeUndefined();
  const [chat] = rowsOf(converted, "chats");
  const exported = {
    ...{ ...chat, pinnedAt: null, documents: [] },
    messages: messages.map((message) => ({ ...message, vote: null })),
  };
  expect(exportedChatSchema.safeParse(exported).error).toBeUndefined();
  const ids = new Set(messages.map(({ id }) => id));
  expect(ids.size).toBe(messages.length);
  expect(messages.every(({ parentId }) => parentId === null || ids.has(parentId))).toBe(true);
  const found = messages.flatMap(({ parts }) =>
    parts.map((part) => (part.type === "text" ? String(part.text) : "")),
  );
  for (const text of texts)
    expect(
      found.some((one) => one.includes(text)),
      text,
    ).toBe(true);
  expect(JSON.stringify(converted)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
}

test(`any JSON in ${runs} chats (seed ${seed})`, () => {
  for (let run = 0; run < runs; run += 1) {
    const made = makeChat(new Making(seed + run));
    try {
      check(made);
    } catch (error) {
      throw new Error(`With RANDOM_SEED=${seed + run} RANDOM_RUNS=1: ${String(error)}`, {
        cause: error,
      });
    }
  }
});

test("files are asked for once, and never from another scheme", () => {
  for (let run = 0; run < runs; run += 1) {
    const { group } = makeChat(new Making(seed + run));
    const urls = collectFiles(group, contextOf()).map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
    for (const url of urls) expect(url).toMatch(/^(https?:|data:|overflow:)/i);
  }
});
