import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerAs } from "../test/callers.ts";
import { tableNames } from "../test/content.ts";
import { runCron } from "../test/cron.ts";
import { createChat, createMessage, createUser } from "../test/factories.ts";
import { takeErrors, takeInfos } from "../test/logs.ts";
import { ask } from "../test/turns.ts";
import type { JobName } from "./contracts/admin-jobs.ts";
import { createLogger } from "./platform/log.ts";
import { type SettingsEnv, settingsOf } from "./platform/settings.ts";
import { sweep } from "./sweep.ts";
import { sweepStep } from "./sweep-jobs.ts";

const old = () => Date.now() - settingsOf(env).kept.guestMs - 60_000;

function count(table: string, column: string, value: string) {
  return env.HOME.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`)
    .bind(value)
    .first<number>("n");
}

test("a guest unused for 30 days is deleted with chats, usage and sessions", async () => {
  const guest = await createUser({ email: null, isGuest: 1, createdAt: old() });
  const caller = await callerAs(guest);
  const { stream } = await ask(caller, "count to 3");
  await stream.rest();
  const chat = await createChat(guest);
  await createMessage(guest, chat);
  await env.HOME.prepare("UPDATE sessions SET lastSeenAt = ? WHERE userId = ?")
    .bind(old(), guest.id)
    .run();
  await runCron();
  for (const table of [...tableNames, "sessions"]) {
    expect(await count(table, "userId", guest.id), table).toBe(0);
  }
  expect(await count("users", "id", guest.id)).toBe(0);
});

test("a guest who was there lately stays, and so does everybody with an account", async () => {
  const guest = await createUser({ email: null, isGuest: 1, createdAt: old() });
  await callerAs(guest);
  const young = await createUser({ email: null, isGuest: 1 });
  const account = await createUser({ createdAt: old() });
  await createChat(account);
  await runCron();
  for (const { id } of [guest, young, account]) expect(await count("users", "id", id)).toBe(1);
  expect(await count("chats", "userId", account.id)).toBe(1);
});

test("sessions that have expired are swept away, and no others", async () => {
  const user = await createUser();
  await callerAs(user);
  await callerAs(user);
  await env.HOME.prepare(
    "UPDATE sessions SET expiresAt = 1 WHERE id = (SELECT min(id) FROM sessions WHERE userId = ?)",
  )
    .bind(user.id)
    .run();
  await runCron();
  expect(await count("sessions", "userId", user.id)).toBe(1);
});

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** Runs a step of the cron with other settings. */
function step(name: JobName, settings: SettingsEnv, now: number): Promise<boolean> {
  const changed = new Proxy(env, {
    get: (target, key) => Reflect.get(settings, key) ?? Reflect.get(target, key),
  });
  return sweepStep(changed, name, now);
}

async function idsOf(table: string, column: string, value: string): Promise<unknown[]> {
  const statement = env.HOME.prepare(`SELECT id FROM ${table} WHERE ${column} = ? ORDER BY id`);
  const { results } = await statement.bind(value).all();
  return results.map(({ id }) => id);
}

test("an operator decides how long guests are kept", async () => {
  const now = Date.now();
  const settings = { GUEST_KEPT_DAYS: "2" };
  const [old, young] = [
    await createUser({ email: null, isGuest: 1, createdAt: now - 2 * dayMs - hourMs - 1 }),
    await createUser({ email: null, isGuest: 1, createdAt: now - 2 * dayMs - hourMs }),
  ];
  await step("unused-guests", settings, now);
  expect(await count("users", "id", old.id)).toBe(0);
  expect(await count("users", "id", young.id)).toBe(1);
});

test("a session of an account is kept for as long as an operator says, a guest's with the guest", async () => {
  const now = Date.now();
  const [account, guest] = [await createUser(), await createUser({ email: null, isGuest: 1 })];
  const insert = env.HOME.prepare(
    "INSERT INTO sessions (id, secretHash, userId, createdAt, expiresAt, lastSeenAt) VALUES (?, 'h', ?, 1, ?, ?)",
  );
  // The last use may have been an hour later than what is stored.
  const dueAt = now - 10 * dayMs - hourMs;
  const seenAt = { a: dueAt - 1, b: dueAt };
  await env.HOME.batch(
    Object.entries(seenAt).flatMap(([id, at]) =>
      [account, guest].map((user) => insert.bind(`${id}-${user.id}`, user.id, now + dayMs, at)),
    ),
  );
  expect(await step("sessions", { SESSION_KEPT_DAYS: "10" }, now)).toBe(true);
  expect(await idsOf("sessions", "userId", account.id)).toEqual([`b-${account.id}`]);
  expect(await idsOf("sessions", "userId", guest.id)).toHaveLength(2);
});

test("the audit log is kept for ever, or for as long as an operator says, and for a year at least", async () => {
  const now = Date.now();
  const days = { a: 500, b: 400, c: 366, d: 364 };
  const insert = env.HOME.prepare(
    "INSERT INTO auditEvents (id, actorId, action, targetType, targetId, createdAt) VALUES (?, 'kept', 'file.read', 'upload', 'u', ?)",
  );
  await env.HOME.batch(Object.entries(days).map(([id, age]) => insert.bind(id, now - age * dayMs)));
  const after = async (keptDays: string) => {
    expect(await step("audit-events", { AUDIT_KEPT_DAYS: keptDays }, now)).toBe(true);
    return await idsOf("auditEvents", "actorId", "kept");
  };
  expect(await after("")).toEqual(["a", "b", "c", "d"]);
  expect(await after("400")).toEqual(["b", "c", "d"]);
  expect(await after("1")).toEqual(["d"]);
  expect(takeInfos()).toMatchObject([
    { event: "audit.events_expired", count: 1 },
    { event: "audit.events_expired", count: 2 },
  ]);
});

test("a file that was never sent is kept for as long as an operator says", async () => {
  const now = Date.now();
  const user = await createUser();
  const insert = env.CONTENT_0.prepare(
    "INSERT INTO uploads (userId, id, name, mediaType, bytes, sha256, state, createdAt, draftedAt) VALUES (?, ?, 'a.txt', 'text/plain', 1, 's', 'ready', 1, ?)",
  );
  await env.CONTENT_0.batch([
    insert.bind(user.id, "unsent-a", now - 3 * dayMs - 1),
    insert.bind(user.id, "unsent-b", now - 3 * dayMs),
  ]);
  await step("uploads", { UNSENT_FILE_KEPT_DAYS: "3" }, now);
  expect(await idsOf("uploads", "userId", user.id)).toEqual(["unsent-b"]);
});

test("the last run of each job is logged and stored, also of one that fails", async () => {
  const runs = async () => {
    const { results } = await env.HOME.prepare("SELECT * FROM jobRuns ORDER BY name").all();
    return new Map(results.map((run) => [run.name, run]));
  };
  await runCron();
  const before = await runs();
  expect([...before.keys()]).toContain("audit-events");
  const first = before.get("sessions");
  expect(first).toMatchObject({ outcome: "done", steps: 1, error: null, doneAt: first?.endedAt });
  expect(takeInfos()).toContainEqual(
    expect.objectContaining({ event: "sweep.job_ran", job: "sessions", outcome: "done", steps: 1 }),
  );
  const broken = new Proxy(env, {
    get: (target, key) =>
      key === "JOB"
        ? {
            idFromName: (name: string) => name,
            get: () => ({ sweep: () => Promise.reject(new Error("no")) }),
          }
        : Reflect.get(target, key),
  });
  await sweep(broken, createLogger(), Date.now(), "frequent");
  const after = await runs();
  expect(after.get("gone-chats")).toMatchObject({
    outcome: "failed",
    error: "Error: no",
    doneAt: before.get("gone-chats")?.doneAt,
  });
  expect(after.get("sessions")).toEqual(first);
  expect(takeErrors().map(({ event }) => event)).toEqual(Array(3).fill("sweep.job_failed"));
});
