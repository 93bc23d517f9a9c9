import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { takeErrors } from "../test/logs.ts";
import { numberOf } from "../test/migration-number.ts";
import worker from "./index.ts";
import { forgetReadiness } from "./ready.ts";

beforeEach(() => forgetReadiness());

type Bindings = Readonly<Record<string, unknown>>;

/** Asks the worker, some of whose bindings are replaced. */
function ask(bindings: Bindings = {}, method = "GET"): Promise<Response> {
  const request = new Request("https://app.test/v1/ready", { method });
  const replaced = new Proxy(env, {
    get: (target, name) => Reflect.get(bindings, name) ?? Reflect.get(target, name),
  });
  return worker.fetch(request as Parameters<typeof worker.fetch>[0], replaced);
}

const fail = () => Promise.reject(new Error("The secret reason."));
const brokenDatabase = {
  prepare: () => ({ bind: () => ({ all: fail }), all: fail }),
  batch: fail,
};
const migrations = { home: expect.any(Number), content: expect.any(Number) };

test("a worker whose parts all answer is ready, and says its version and migrations", async () => {
  const response = await exports.default.fetch("https://app.test/v1/ready");
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({
    status: "ready",
    version: env.VERSION.id,
    migrations: {
      home: numberOf(env.HOME_MIGRATIONS.at(-1)),
      content: numberOf(env.CONTENT_MIGRATIONS.at(-1)),
    },
    failed: [],
  });
  expect((await ask({}, "HEAD")).status).toBe(200);
  expect((await ask({}, "POST")).status).toBe(405);
});

test.each<[part: string, bindings: Bindings]>([
  ["database", { HOME: brokenDatabase }],
  ["database", { CONTENT_1: brokenDatabase }],
  ["files", { FILES: { head: fail } }],
  ["values", { STREAMS: { get: fail } }],
  ["objects", { JOB: { idFromName: () => "id", get: () => ({ ping: fail }) } }],
])("it is not ready when one part fails: %s", async (part, bindings) => {
  const response = await ask(bindings);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ status: "unavailable", failed: [part] });
  expect(text).not.toContain("secret");
  expect(takeErrors()).toMatchObject([
    { event: "ready.check_failed", part, error: expect.stringContaining("secret") },
  ]);
});

test("a part that never answers counts as failed after three seconds", async () => {
  vi.useFakeTimers();
  try {
    const asked = ask({ FILES: { head: () => new Promise(() => undefined) } });
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    await vi.advanceTimersByTimeAsync(3_000);
    const response = await asked;
    expect(await response.json()).toMatchObject({ failed: ["files"], migrations });
  } finally {
    vi.useRealTimers();
  }
  takeErrors();
});

test("databases that lack a migration of this worker are not ready", async () => {
  const newest = "(SELECT max(name) FROM migrations_home)";
  const { name } = (await env.HOME.prepare(
    `SELECT name FROM migrations_home WHERE name = ${newest}`,
  ).first<{ name: string }>()) ?? { name: "" };
  await env.HOME.prepare(`DELETE FROM migrations_home WHERE name = ${newest}`).run();
  try {
    const response = await ask();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      failed: ["migrations"],
      migrations: { home: numberOf(env.HOME_MIGRATIONS.at(-2)) },
    });
  } finally {
    await env.HOME.prepare("INSERT INTO migrations_home (name) VALUES (?)").bind(name).run();
  }
});

test("a result is kept for five seconds, also a bad one, and few requests look at once", async () => {
  const clock = vi.spyOn(Date, "now");
  const head = vi.fn(() => Promise.resolve(null));
  let release = () => {};
  const gate = new Promise<null>((resolve) => {
    release = () => resolve(null);
  });
  head.mockImplementation(() => gate);
  clock.mockReturnValue(1_000_000);
  const waiting = [ask({ FILES: { head } }), ask({ FILES: { head } })];
  await vi.waitFor(() => expect(head).toHaveBeenCalledTimes(2));
  const busy = await ask({ FILES: { head } });
  expect(busy.status).toBe(503);
  expect(await busy.json()).toMatchObject({ status: "busy", failed: [] });
  release();
  for (const response of await Promise.all(waiting)) expect(response.status).toBe(200);
  clock.mockReturnValue(1_004_999);
  expect((await ask({ FILES: { head: fail } })).status).toBe(200);
  expect(head).toHaveBeenCalledTimes(2);
  clock.mockReturnValue(1_005_000);
  expect((await ask({ FILES: { head: fail } })).status).toBe(503);
  expect((await ask()).status).toBe(503);
  takeErrors();
  clock.mockReturnValue(1_010_000);
  expect((await ask()).status).toBe(200);
  clock.mockRestore();
});
