/** Parts of every age become today's. */
import { expect, test } from "vitest";
import {
  codesOf,
  convertChat,
  convertParts,
  messageRow,
  messagesOf,
} from "../../test/conversion.ts";

const legacy = (type: string, value: unknown) => ({
  type: "data-legacy",
  data: { type, json: JSON.stringify(value) },
});
const signed = (signature: string) => ({ providerMetadata: { anthropic: { signature } } });
const notFinished = "This tool call hadn’t finished when the chat was moved here.";
const call = { toolCallId: "c1", toolName: "getWeather", args: { city: "Oslo" } };

test.each<[string, unknown, readonly unknown[]]>([
  ["a text", { type: "text", text: "Tea" }, [{ type: "text", text: "Tea" }]],
  ["an empty text", { type: "text", text: "" }, [{ type: "text", text: "" }]],
  ["a bare text", "Tea", [{ type: "text", text: "Tea" }]],
  [
    "a text with fields of another program",
    { type: "text", text: "Tea", state: "streaming", colour: "red" },
    [{ type: "text", text: "Tea", state: "done" }, legacy("text", { colour: "red" })],
  ],
  [
    "a call of version 5 with a field of another state",
    {
      ...{ type: "tool-x", toolCallId: "c1", state: "output-available", input: {}, output: 1 },
      ...{ errorText: "No", colour: "red" },
    },
    [
      { type: "tool-x", toolCallId: "c1", state: "output-available", input: {}, output: 1 },
      legacy("tool-x", { errorText: "No", colour: "red" }),
    ],
  ],
  [
    "a call of version 4 with fields of another program",
    { type: "tool-invocation", toolInvocation: { ...call, state: "result", result: 1, colour: 2 } },
    [
      {
        ...{ type: "tool-getWeather", toolCallId: "c1", input: { city: "Oslo" } },
        ...{ state: "output-available", output: 1 },
      },
      legacy("tool-invocation", { colour: 2 }),
    ],
  ],
  [
    "a source with fields of another program",
    { type: "source-url", sourceId: "s", url: "https://a.example/", colour: "red" },
    [
      { type: "source-url", sourceId: "s", url: "https://a.example/" },
      legacy("source-url", { colour: "red" }),
    ],
  ],
  [
    "a text whose known field is wrong",
    { type: "text", text: "Tea", state: 7 },
    [{ type: "text", text: "Tea" }, legacy("text", { type: "text", text: "Tea", state: 7 })],
  ],
  ["a text that is none", { type: "text", text: 7 }, [legacy("text", { type: "text", text: 7 })]],
  [
    "reasoning of version 5",
    { type: "reasoning", text: "Hm" },
    [{ type: "reasoning", text: "Hm" }],
  ],
  [
    "reasoning of version 4 without details",
    { type: "reasoning", reasoning: "Hm" },
    [{ type: "reasoning", text: "Hm" }],
  ],
  [
    "reasoning of version 4",
    {
      type: "reasoning",
      reasoning: "Hm so",
      details: [
        { type: "text", text: "Hm", signature: "s1" },
        { type: "text", text: " so" },
        { type: "redacted", data: "x" },
      ],
    },
    [
      { type: "reasoning", text: "Hm", ...signed("s1") },
      { type: "reasoning", text: " so" },
      { type: "reasoning", text: "", providerMetadata: { anthropic: { redactedData: "x" } } },
    ],
  ],
  [
    "reasoning whose details say something else",
    { type: "reasoning", reasoning: "A", details: [{ type: "text", text: "B" }] },
    [
      { type: "reasoning", text: "A" },
      legacy("reasoning", {
        type: "reasoning",
        reasoning: "A",
        details: [{ type: "text", text: "B" }],
      }),
    ],
  ],
  ["reasoning that the template did not find", { type: "reasoning", reasoning: "undefined" }, []],
  [
    "a source of version 4",
    {
      type: "source",
      source: { sourceType: "url", id: "s", url: "https://a.example/", title: "A" },
    },
    [{ type: "source-url", sourceId: "s", url: "https://a.example/", title: "A" }],
  ],
  [
    "a source that runs code",
    { type: "source", source: { sourceType: "url", id: "s", url: "javascript:alert(1)" } },
    [
      legacy("source", {
        type: "source",
        source: { sourceType: "url", id: "s", url: "javascript:alert(1)" },
      }),
    ],
  ],
  [
    "a call of version 4 with its result",
    {
      type: "tool-invocation",
      toolInvocation: { ...call, state: "result", step: 0, result: { c: 4 } },
    },
    [
      {
        ...{ type: "tool-getWeather", toolCallId: "c1", input: { city: "Oslo" } },
        ...{ state: "output-available", output: { c: 4 } },
      },
    ],
  ],
  ...(["call", "partial-call"] as const).map((state): [string, unknown, readonly unknown[]] => [
    `a call of version 4 in the state ${state}`,
    { type: "tool-invocation", toolInvocation: { ...call, state } },
    [
      {
        ...{ type: "tool-getWeather", toolCallId: "c1", input: { city: "Oslo" } },
        ...{ state: "output-error", errorText: notFinished },
      },
    ],
  ]),
  [
    "a call of a tool whose name is no word",
    {
      type: "tool-invocation",
      toolInvocation: { ...call, toolName: "a b", state: "result", result: 1 },
    },
    [
      {
        ...{ type: "dynamic-tool", toolName: "a b", toolCallId: "c1", input: { city: "Oslo" } },
        ...{ state: "output-available", output: 1 },
      },
    ],
  ],
  [
    "a call of version 5",
    { type: "tool-x", toolCallId: "c", state: "output-available", input: 1, output: 2, colour: 3 },
    [
      { type: "tool-x", toolCallId: "c", state: "output-available", input: 1, output: 2 },
      legacy("tool-x", { colour: 3 }),
    ],
  ],
  [
    "a call that waits for approval",
    { type: "tool-x", toolCallId: "c", state: "approval-requested", approval: { id: "a" } },
    [
      {
        ...{ type: "tool-x", toolCallId: "c", state: "output-error" },
        errorText:
          "This tool call was waiting for approval when the chat was moved here, so it didn’t run.",
      },
    ],
  ],
  [
    "a call that was refused",
    {
      ...{ type: "tool-x", toolCallId: "c", state: "approval-responded" },
      approval: { id: "a", approved: false },
    },
    [
      {
        ...{ type: "tool-x", toolCallId: "c", state: "output-denied" },
        approval: { id: "a", approved: false },
      },
    ],
  ],
  [
    "a call without an id",
    { type: "tool-x", state: "output-available" },
    [legacy("tool-x", { type: "tool-x", state: "output-available" })],
  ],
  ["a step's start with more", { type: "step-start", a: 1 }, [{ type: "step-start" }]],
  [
    "a part that says what the product has done",
    { type: "data-restart", data: { count: 2 } },
    [legacy("data-restart", { type: "data-restart", data: { count: 2 } })],
  ],
  ["a part of its owner's", { type: "data-map", data: [1] }, [{ type: "data-map", data: [1] }]],
  ["an unknown part", { type: "hologram", x: 1 }, [legacy("hologram", { type: "hologram", x: 1 })]],
  [
    "a name of every object",
    { type: "constructor" },
    [legacy("constructor", { type: "constructor" })],
  ],
  ["no part", null, [legacy("part", null)]],
  ["a list", [1], [legacy("part", [1])]],
  [
    "a file that leads nowhere",
    { type: "file", url: "blob:x" },
    [legacy("file", { type: "file", url: "blob:x" })],
  ],
])("%s", (_, raw, expected) => {
  const { parts, converted } = convertParts(raw);
  expect(parts).toEqual(expected);
  const isLegacy = expected.some((part) => JSON.stringify(part).includes("data-legacy"));
  const code = JSON.stringify(raw).includes("colour") ? "fields" : "part";
  expect(codesOf(converted)).toEqual(isLegacy ? [`${code}-kept-as-legacy`] : []);
});

test("a call and its result in one message are one part", () => {
  const { parts } = convertParts(
    { type: "tool-call", ...call },
    { type: "text", text: "Tea" },
    {
      type: "tool-result",
      toolCallId: "c1",
      toolName: "getWeather",
      output: { type: "json", value: 4 },
    },
    { type: "tool-result", toolCallId: "c2", toolName: "getWeather", result: 5 },
  );
  const weather = { type: "tool-getWeather", state: "output-available" };
  expect(parts).toEqual([
    { ...weather, toolCallId: "c1", input: { city: "Oslo" }, output: 4 },
    { type: "text", text: "Tea" },
    { ...weather, toolCallId: "c2", output: 5 },
  ]);
});

const fileAt = (url: string, filename: string, mediaType: string) => ({
  ...{ type: "file", url, mediaType, filename },
  providerMetadata: { alleato: { bytes: 12, width: 3, height: 2 } },
});
const uploaded = "/files/00000000-0000-4000-8000-0000000003e8";

test.each([
  [
    "of version 4 in base64",
    { type: "file", mimeType: "image/png", data: "iVBORw0KGgo=" },
    fileAt(uploaded, "1000.png", "image/png"),
  ],
  [
    "of a model's message, as bytes",
    { type: "image", image: { type: "Buffer", data: [1, 2] } },
    fileAt(uploaded, "1000.png", "image/png"),
  ],
  [
    "of version 5",
    {
      type: "file",
      mediaType: "image/png",
      url: "https://x.public.blob.vercel-storage.com/a.png",
      name: "a.png",
    },
    fileAt(uploaded, "a.png", "image/png"),
  ],
])("a file %s", (_, raw, expected) => {
  expect(convertParts(raw).parts).toEqual([expected]);
});

test("attachments come before the text, once, and the upload before the message", () => {
  const url = "https://x.public.blob.vercel-storage.com/a%20b.png";
  const converted = convertChat({
    messages: [
      messageRow(
        1,
        "user",
        [
          { type: "text", text: "See" },
          { type: "file", url, mediaType: "image/png" },
        ],
        {
          attachments: [
            { url, name: "a.png", contentType: "image/png" },
            { url: `${url}?2`, contentType: "image/png" },
            7,
          ],
        },
      ),
    ],
  });
  const types = messagesOf(converted)[0]?.parts.map(({ type }) => type);
  expect(types).toEqual(["file", "data-legacy", "text", "file"]);
  expect(converted.tables[0]).toMatchObject({ table: "uploads", rows: [{ state: "ready" }, {}] });
});

test("a file that is not stored says why, and keeps its address and its place", () => {
  const url = "https://x.public.blob.vercel-storage.com/a%20b.png?download=1";
  const messages = [messageRow(1, "user", [{ type: "file", url, mediaType: "image/png" }])];
  const outcomes = new Map([
    [url, { state: "missing", reason: "The file doesn’t exist any more." } as const],
  ]);
  const converted = convertChat({ messages }, undefined, outcomes);
  expect(messagesOf(converted)[0]?.parts).toEqual([
    {
      type: "data-foreign-file",
      data: {
        filename: "a b.png",
        mediaType: "image/png",
        url,
        reason: "The file doesn’t exist any more.",
      },
    },
  ]);
  expect(codesOf(converted)).toEqual(["file-missing"]);
});

test("NUL and halves of characters are mended in texts, names and data", () => {
  const row = {
    ...messageRow(1, "user", []),
    parts:
      '[{"type":"text","text":"a\\u0000b\\ud83d c \\ud83d\\ude00"},{"type":"x","\\u0000k":"\\udc00"}]',
  };
  const converted = convertChat({ messages: [row] });
  expect(messagesOf(converted)[0]?.parts).toEqual([
    { type: "text", text: "ab\ufffd c 😀" },
    legacy("x", { type: "x", k: "\ufffd" }),
  ]);
  expect(codesOf(converted)).toContain("text-mended");
});

test("data that is nested without end is kept as text", () => {
  const deep = (levels: number) => `${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`;
  for (const levels of [30, 40_000]) {
    const parts = `[{"type":"tool-x","toolCallId":"c","state":"output-available","output":${deep(levels)}}]`;
    const [message] = messagesOf(
      convertChat({ messages: [{ ...messageRow(1, "assistant", []), parts }] }),
    );
    expect(message?.parts).toHaveLength(1);
    expect(message?.parts[0]?.type).toBe("data-legacy");
  }
});

test.each([
  ["a text", '"Tea"', [{ type: "text", text: "Tea" }]],
  ["nothing", null, []],
  ["null", "null", []],
  ["one part", '{"type":"text","text":"Tea"}', [{ type: "text", text: "Tea" }]],
  ["no JSON", "{tea", [{ type: "data-legacy", data: { type: "parts", json: "{tea" } }]],
])("parts that are %s", (_, parts, expected) => {
  const row = { ...messageRow(1, "user", []), parts };
  expect(messagesOf(convertChat({ messages: [row] }))[0]?.parts).toEqual(expected);
});
