import {
  pageFailureMax,
  pageFailureSchema,
  pageFailureUrl,
} from "api-worker/contracts/page-failure";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { reportFailure } from "./report-failure.server.ts";

let sent: Request[];
let waited: Promise<unknown>[];
let answer: () => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  // Each test has a minute of its own.
  passMinute();
  sent = [];
  waited = [];
  answer = async () => new Response(null, { status: 204 });
});
afterEach(() => vi.useRealTimers());

let now = Date.UTC(2026, 10, 29);

function passMinute(): void {
  now += 60_000;
  vi.setSystemTime(now);
}

const failure = {
  event: "pages.load_failed",
  requestId: crypto.randomUUID(),
  pathname: "/chat/x",
  detail: "Error: no",
} as const;

function report(given: Partial<typeof failure | { pathname: string; detail: string }> = {}) {
  const platform = {
    api: {
      fetch: (request: Request) => {
        sent.push(request);
        return answer();
      },
    },
    timeZone: undefined,
    waitUntil: (work: Promise<unknown>) => void waited.push(work),
  };
  reportFailure(platform, { ...failure, ...given });
}

test("the worker gets a report that it takes, and the response does not wait for it", async () => {
  report({ pathname: `/${"x".repeat(600)}`, detail: "\u0000é".repeat(9_000) });
  expect(waited).toHaveLength(1);
  await Promise.all(waited);
  const [request] = sent;
  expect([request?.method, request?.url]).toEqual(["POST", pageFailureUrl]);
  const taken = pageFailureSchema.parse(await request?.json());
  expect(taken.detail).toHaveLength(pageFailureMax.detail);
  expect(taken).toMatchObject({ requestId: failure.requestId, dropped: 0 });
});

test("a worker that does not answer fails nothing", async () => {
  answer = () => Promise.reject(new Error("connection refused"));
  report();
  await expect(Promise.all(waited)).resolves.toEqual([undefined]);
});

test("beyond a bound in each minute failures are only counted", async () => {
  for (let count = 0; count < 100; count += 1) report();
  expect(sent).toHaveLength(60);
  passMinute();
  report();
  expect(await sent.at(-1)?.json()).toMatchObject({ dropped: 40 });
  report();
  expect(await sent.at(-1)?.json()).toMatchObject({ dropped: 0 });
});
