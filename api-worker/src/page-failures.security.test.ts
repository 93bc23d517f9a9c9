/** Attack: someone writes into the worker's log, or floods it, through the door for page failures. */
import { exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { takeErrors, takeInfos } from "../test/logs.ts";
import { pageFailureMaxBytes, pageFailureUrl } from "./contracts/page-failure.ts";
import { newId } from "./platform/ids.ts";

afterEach(() => vi.useRealTimers());

const report = {
  event: "pages.render_failed",
  requestId: newId(),
  pathname: "/chat/x",
  detail: 'Error: no\n{"level":"info"}\n    at Message',
  dropped: 2,
};

function send(body: unknown, { url = pageFailureUrl, headers = {}, method = "POST" } = {}) {
  return exports.default.fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "POST" && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

test("a report is one line with the id that the error page shows", async () => {
  expect((await send(report)).status).toBe(204);
  const [line, ...others] = takeErrors();
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    level: "error",
    event: "pages.failure_reported",
    failure: "pages.render_failed",
    requestId: report.requestId,
    pathname: "/chat/x",
    dropped: 2,
    error: report.detail,
  });
});

test.each([
  ["no JSON", "{"],
  ["nothing", ""],
  ["another event", { ...report, event: "auth.logged_in" }],
  ["an id with a text", { ...report, requestId: "a line" }],
  ["a long detail", { ...report, detail: "x".repeat(8_001) }],
  ["a long path", { ...report, pathname: "x".repeat(501) }],
])("what is no report leaves no line: %s", async (_, body) => {
  expect((await send(body)).status).toBe(400);
  expect(takeErrors()).toEqual([]);
});

test("a body that is too large is not read to its end, and leaves no line", async () => {
  expect((await send("x".repeat(pageFailureMaxBytes + 1))).status).toBe(413);
  expect((await send("", { method: "GET" })).status).toBe(405);
  expect(takeErrors()).toEqual([]);
});

test.each([
  "https://app.test/failures",
  "https://page-server.internal/trpc/failures",
  "https://page-server.internal.app.test/failures",
])("%s takes no report", async (url) => {
  const { origin } = new URL(url);
  expect((await send(report, { url, headers: { origin } })).status).toBe(404);
  expect(takeErrors()).toEqual([]);
  takeInfos();
});

test("in each minute the log takes so many reports, and says how many are missing", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 29) });
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  for (let sent = 0; sent < 205; sent += 1) expect((await send(report)).status).toBe(204);
  expect(takeErrors()).toHaveLength(200);
  vi.setSystemTime(Date.UTC(2026, 10, 29, 0, 1));
  await send(report);
  expect(takeErrors()).toHaveLength(1);
  expect(warnings.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
    { event: "log.lines_dropped", droppedEvent: "pages.failure_reported", count: 5 },
  ]);
  warnings.mockRestore();
});
