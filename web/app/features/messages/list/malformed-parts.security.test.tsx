/** Attack: a part that no reader can show, which broke the whole page of a chat. */
import { renderToReadableStream } from "react-dom/server";
import { expect, test } from "vitest";
import type { ChatMessage } from "../message.ts";
import { readWeather } from "../tools/weather.ts";
import { MessageBoundary } from "./message-boundary.tsx";
import { MessageItem } from "./message-item.tsx";

const messageOf = (role: "user" | "assistant", ...parts: unknown[]): ChatMessage => ({
  id: "m1",
  role,
  parts: parts as ChatMessage["parts"],
  metadata: { status: "complete" },
});

/**
 * Renders a page as the server does. Rejects when the page is lost.
 *
 * @param failures gets the errors of the parts that could not be rendered
 */
async function serve(page: React.ReactNode, failures: unknown[] = []): Promise<string> {
  const onError = (error: unknown) => void failures.push(error);
  const body = await renderToReadableStream(<main>{page}</main>, { onError });
  await body.allReady;
  return new Response(body).text();
}

const text = { type: "text", text: "Sound words." };
const call = { type: "tool-getWeather", toolCallId: "c", input: {} };
const done = { ...call, state: "output-available" };
const weather = {
  place: "Oslo",
  timeZone: "Europe/Oslo",
  current: {
    time: "2026-07-01T12:00",
    weather: "rain",
    celsius: 1,
    feelsLikeCelsius: 1,
    humidityPercent: 1,
    windKmh: 1,
  },
  days: [
    { day: "2026-07-01", weather: "rain", minCelsius: null, maxCelsius: 2, rainPercent: null },
  ],
};

const malformed: Record<string, unknown> = {
  "a file without a type": { type: "file", url: "/files/x" },
  "a file with an object as its name": {
    type: "file",
    url: "/files/x",
    mediaType: "text/plain",
    filename: {},
  },
  "a question without an approval": { ...call, state: "approval-requested" },
  "an approval without an answer": { ...call, state: "approval-responded" },
  "a failure that is an object": { ...call, state: "output-error", errorText: { a: 1 } },
  "notes that are none": { type: "data-file-notes", data: { notes: "one" } },
  "notes without data": { type: "data-file-notes" },
  "a restart without data": { type: "data-restart" },
  "a restart that is counted in words": { type: "data-restart", data: { count: "once" } },
  "weather without its fields": { ...done, output: { place: "Oslo", current: { celsius: 1 } } },
  "weather with objects": {
    ...done,
    output: { ...weather, days: [{ day: {}, weather: {}, minCelsius: {} }] },
  },
  "a result that is an object": {
    ...done,
    type: "tool-calculate",
    output: { result: { toString: 1 } },
  },
  "a link that is none": { type: "data-foreign-file", data: { filename: "a", url: "::" } },
  "a part of an older version without data": { type: "data-legacy" },
  "an unknown kind": { type: "hologram", text: "?" },
  "an unknown kind of data": { type: "data-hologram", data: {} },
};

test.each(Object.entries(malformed))("the other messages are there beside %s", async (_, part) => {
  for (const role of ["user", "assistant"] as const) {
    const html = await serve(
      <>
        <MessageItem message={messageOf(role, part, text)} />
        <MessageItem message={messageOf("user", { type: "text", text: "The next one." })} />
      </>,
    );
    expect(html).toContain("The next one.");
  }
});

test.each([
  ["an unknown kind", malformed["an unknown kind"]],
  ["an unknown kind of data", malformed["an unknown kind of data"]],
  ["weather without its fields", malformed["weather without its fields"]],
  ["weather with objects", malformed["weather with objects"]],
  ["a result that is an object", malformed["a result that is an object"]],
])("%s is shown as nothing, and the rest of its message stays", async (_, part) => {
  const failures: unknown[] = [];
  const html = await serve(<MessageItem message={messageOf("assistant", part, text)} />, failures);
  expect(html).toContain("Sound words.");
  expect(html).not.toContain("can’t be displayed");
  expect(failures).toEqual([]);
});

test("a part of an older version is a closed box, whose data is not in the page", async () => {
  const data = { type: "hologram", json: '{"a":"<script>secret"}' };
  for (const role of ["user", "assistant"] as const) {
    const failures: unknown[] = [];
    const part = { type: "data-legacy", data };
    const html = await serve(<MessageItem message={messageOf(role, part, text)} />, failures);
    expect(html).toContain("Sound words.");
    expect(html).toMatch(/<button[^>]*aria-expanded="false"[^>]*>.*From an older version/s);
    expect(html).not.toContain("secret");
    expect(failures).toEqual([]);
  }
});

function Bomb(): never {
  throw new Error("It cannot be rendered.");
}

test("a message that cannot be rendered says so, and takes nothing else with it", async () => {
  const html = await serve(
    <>
      <MessageBoundary message={messageOf("user", text)}>
        <Bomb />
      </MessageBoundary>
      <MessageBoundary message={messageOf("user", text)}>
        <p>sound</p>
      </MessageBoundary>
    </>,
  );
  expect(html).toContain("This message can’t be displayed.");
  expect(html).toContain("<p>sound</p>");
});

test("only a whole weather report is one", () => {
  expect(readWeather(weather)).toBe(weather);
  for (const field of Object.keys(weather)) {
    expect(readWeather({ ...weather, [field]: { a: 1 } })).toBeNull();
  }
  for (const field of Object.keys(weather.current)) {
    expect(readWeather({ ...weather, current: { ...weather.current, [field]: {} } })).toBeNull();
  }
  for (const output of [null, undefined, 1, "rain", []]) expect(readWeather(output)).toBeNull();
});

test("a file on another site is a link that shows where it leads, and loads nothing", async () => {
  const url = "https://files.example/secret.png";
  const foreign = {
    type: "data-foreign-file",
    data: { filename: "plan.png", mediaType: "image/png", url },
  };
  const early = { type: "file", url, mediaType: "image/png", filename: "plan.png" };
  for (const role of ["user", "assistant"] as const) {
    for (const part of [foreign, early]) {
      const html = await serve(<MessageItem message={messageOf(role, part, text)} />);
      expect(html).toContain(`href="${url}"`);
      expect(html).toContain("files.example</span>");
      expect(html).not.toMatch(/<(img|link|iframe)\b|src=|preload/);
    }
  }
});

test("an address that runs code is no link", async () => {
  const data = { filename: "plan.png", url: "javascript:alert(1)" };
  const part = { type: "data-foreign-file", data };
  const html = await serve(<MessageItem message={messageOf("user", part, text)} />);
  expect(html).toContain("plan.png");
  expect(html).not.toContain("javascript:");
});
