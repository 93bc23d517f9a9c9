import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { createUser } from "../../../../test/factories.ts";
import { recordEvent } from "../../audit/record-event.ts";

const home = createHomeDb(env.HOME);

type Filter = Parameters<Caller["api"]["admin"]["audit"]["list"]["query"]>[0];

/** All pages of the log, each of one event. */
async function walk({ api }: Caller, filter: Filter) {
  const found = [];
  let cursor: string | null | undefined;
  do {
    const page = await api.admin.audit.list.query({ ...filter, limit: 1, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

test("the log tells who did what to whom, when, why and with which request", async () => {
  const admin = await callerFor("admin");
  const user = await createUser({ name: "Grace" });
  const before = Date.now();
  const response = await admin.fetch("/trpc/admin.users.disable", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ userId: user.id, reason: "  Spam  " }),
  });
  const [event, ...others] = await walk(admin, { about: user.id });
  expect(others).toEqual([]);
  expect(event).toEqual({
    id: expect.any(String),
    createdAt: expect.any(Number),
    action: "user.disable",
    actor: { id: admin.user.id, email: admin.user.email, name: null },
    ...{ targetType: "user", targetId: user.id },
    owner: { id: user.id, email: user.email, name: "Grace" },
    reason: "Spam",
    requestId: response.headers.get("x-request-id"),
    details: null,
  });
  expect(event?.createdAt).toBeGreaterThanOrEqual(before);
});

test("the log is filtered by action, administrator, user and time, newest first", async () => {
  const [admin, other] = [await callerFor("admin"), await callerFor("admin")];
  const [ada, grace] = [await createUser(), await createUser()];
  const { disable, enable } = admin.api.admin.users;
  await disable.mutate({ userId: ada.id });
  await enable.mutate({ userId: ada.id });
  await disable.mutate({ userId: grace.id });
  await other.api.admin.users.enable.mutate({ userId: grace.id });

  const namesOf = async (filter: Filter) =>
    (await walk(admin, filter)).map(
      ({ action, owner }) => `${action} ${owner?.id === ada.id ? "ada" : "grace"}`,
    );
  const byAdmin = ["user.disable grace", "user.enable ada", "user.disable ada"];
  expect(await namesOf({ actor: admin.user.id })).toEqual(byAdmin);
  expect(await namesOf({ actor: admin.user.email?.toUpperCase() })).toEqual(byAdmin);
  expect(await namesOf({ actor: admin.user.id, action: "user.disable" })).toEqual([
    "user.disable grace",
    "user.disable ada",
  ]);
  expect(await namesOf({ about: ada.email ?? "" })).toEqual([
    "user.enable ada",
    "user.disable ada",
  ]);
  expect(await namesOf({ about: grace.id, actor: other.user.id })).toEqual(["user.enable grace"]);
  expect(await namesOf({ about: "unknown@example.com" })).toEqual([]);

  const [last, , first] = await walk(admin, { actor: admin.user.id });
  const [from, until] = [first?.createdAt ?? 0, last?.createdAt ?? 0];
  expect(await namesOf({ actor: admin.user.id, from })).toEqual(byAdmin);
  expect(await namesOf({ actor: admin.user.id, until: from })).toEqual([]);
  expect(await namesOf({ actor: admin.user.id, from: until + 1 })).toEqual([]);
});

test("an event outlives the users that it names, and keeps its details", async () => {
  const admin = await callerFor("admin");
  const [actor, owner] = [await createUser(), await createUser()];
  await recordEvent(home, {
    ...{ actorId: actor.id, action: "user.deleted", targetType: "user", targetId: owner.id },
    ...{ ownerId: owner.id, requestId: "r", details: { removed: { chats: 3 } } },
  });
  for (const { id } of [actor, owner]) {
    await home.kysely.deleteFrom("users").where("id", "=", id).execute();
  }
  expect(await walk(admin, { about: owner.id })).toMatchObject([
    {
      actor: { id: actor.id, email: null, name: null },
      owner: { id: owner.id, email: null, name: null },
      details: { removed: { chats: 3 } },
    },
  ]);
});
