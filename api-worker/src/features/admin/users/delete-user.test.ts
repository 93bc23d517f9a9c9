import { env } from "cloudflare:workers";
import { createHomeDb, type UserRow } from "db";
import { expect, test, vi } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { countRows, fillContent } from "../../../../test/content.ts";
import { createLimit, createUser } from "../../../../test/factories.ts";
import { newStream } from "../../../../test/streams.ts";
import { ask } from "../../../../test/turns.ts";
import { ownerContext } from "../../../owner-context.ts";
import { createLogger } from "../../../platform/log.ts";
import { deleteContent } from "../../deletion/delete-content.ts";

const archiveWait = { timeout: 20_000, interval: 100 };
const home = createHomeDb(env.HOME);

/**
 * Every row of every table that has the id or the address of a user in some column. Both kinds of
 * tables are in one database here.
 */
async function tracesOf({ id, email }: UserRow): Promise<string[]> {
  const { results: tables } = await env.HOME.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*'",
  ).all<{ name: string }>();
  const traces = await Promise.all(
    tables.map(async ({ name }) => {
      const { results: columns } = await env.HOME.prepare(
        `SELECT name FROM pragma_table_info('${name}')`,
      ).all<{ name: string }>();
      const isTheirs = columns
        .map((column) => `instr("${column.name}", ?1) > 0 OR instr("${column.name}", ?2) > 0`)
        .join(" OR ");
      const { results } = await env.HOME.prepare(`SELECT 1 FROM "${name}" WHERE ${isTheirs}`)
        .bind(id, email)
        .all();
      return results.map(() => name);
    }),
  );
  return traces.flat();
}

/** The keys of everything in R2 and KV. */
async function listStored(): Promise<Set<string>> {
  const [files, values] = [await env.FILES.list(), await env.STREAMS.list()];
  return new Set([
    ...files.objects.map(({ key }) => `file ${key}`),
    ...values.keys.map(({ name }) => `value ${name}`),
  ]);
}

test("a deleted user leaves no row, file, value or object, and no one else loses any", async () => {
  const admin = await callerFor("admin");
  const other = await createUser();
  await fillContent(other);
  const before = { rows: await countRows(other), stored: await listStored() };

  const { owner, put, head } = await newStream();
  await put("text");
  const { user } = owner;
  await fillContent(user);
  await createLimit({ userId: user.id }, "messagesPerDay", 100);
  const answer = await ask(owner, "count to 3");
  await answer.stream.rest();
  expect((await tracesOf(user)).length).toBeGreaterThan(20);
  // The log of the answer is archived a little after its end.
  await vi.waitFor(async () => {
    const added = [...(await listStored())].filter((key) => !before.stored.has(key));
    expect(new Set(added.map((key) => key.split(" ")[0]))).toEqual(new Set(["file", "value"]));
  }, archiveWait);
  const rows = await countRows(user);

  const { removed } = await admin.api.admin.users.delete.mutate({
    userId: user.id,
    confirmation: user.email ?? "",
    reason: "Asked for it",
  });

  // The search object takes over changes at any time.
  const { searchChanges: _, ...expected } = { ...rows, sessions: 1, apiTokens: 1 };
  expect(removed).toMatchObject(expected);
  // The log alone knows of the user, by id.
  expect([...new Set(await tracesOf(user))]).toEqual(["auditEvents"]);
  expect((await head()).status).toBe(401);
  expect(await listStored()).toEqual(before.stored);
  expect(await countRows(other)).toEqual(before.rows);
  const events = await home.kysely
    .selectFrom("auditEvents")
    .select(["action", "reason", "details"])
    .where("targetId", "=", user.id)
    .orderBy("id")
    .execute();
  expect(events).toEqual([
    { action: "user.delete", reason: "Asked for it", details: null },
    { action: "user.deleted", reason: "Asked for it", details: JSON.stringify({ removed }) },
  ]);
  const again = admin.api.admin.users.delete.mutate({
    userId: user.id,
    confirmation: user.email ?? "",
  });
  expect((await errorOf(again)).errorCode).toBe("NOT_FOUND");
});

test("a deletion needs the address of the user, or the name of a guest", async () => {
  const admin = await callerFor("admin");
  const { delete: remove } = admin.api.admin.users;
  const [user, guest] = [await createUser(), await createUser({ email: null })];
  for (const [userId, confirmation] of [
    [user.id, ""],
    [user.id, guest.id],
    [guest.id, ""],
  ] as const) {
    const refusal = await errorOf(remove.mutate({ userId, confirmation }));
    expect(refusal).toMatchObject({
      errorCode: "INVALID",
      fields: { confirmation: "This doesn’t match the user." },
    });
  }
  await remove.mutate({ userId: user.id, confirmation: ` ${user.email?.toUpperCase()} ` });
  await remove.mutate({ userId: guest.id, confirmation: `Guest ${guest.id.slice(-8)}` });
  expect([...(await tracesOf(user)), ...(await tracesOf(guest))].toSorted()).toEqual(
    Array.from({ length: 4 }, () => "auditEvents"),
  );
});

test("a deletion that was interrupted is completed by the next", async () => {
  const [admin, owner] = [await callerFor("admin"), await callerFor("owner")];
  await fillContent(owner.user);
  const { id: userId, email, contentShard } = owner.user;
  await admin.api.admin.users.disable.mutate({ userId });
  await deleteContent(ownerContext({ env, home, log: createLogger() }, { userId, contentShard }));
  const input = { userId, confirmation: email ?? "" };
  expect((await admin.api.admin.users.delete.mutate(input)).removed).toEqual({
    sessions: 0,
    apiTokens: 0,
  });
  expect([...new Set(await tracesOf(owner.user))]).toEqual(["auditEvents"]);
});
