import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerAs } from "../test/callers.ts";
import { tableNames } from "../test/content.ts";
import { runCron } from "../test/cron.ts";
import { createChat, createMessage, createUser } from "../test/factories.ts";
import { ask } from "../test/turns.ts";
import { guestLifeMs } from "./sweep.ts";

const old = () => Date.now() - guestLifeMs - 60_000;

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
