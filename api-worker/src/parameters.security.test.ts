/** Attack: a request says something twice, by the wrong method, or says more than it may. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../test/callers.ts";
import { createChat } from "../test/factories.ts";
import { newId } from "./platform/ids.ts";

const headers = { "content-type": "application/json" };

/** @returns a chat of the caller with the title `old` */
async function chatOf(owner: Caller): Promise<string> {
  return (await createChat(owner.user, { title: "old" })).id;
}

async function titleOf(chatId: string): Promise<string> {
  const { results } = await env.CONTENT_0.prepare("SELECT title FROM chats WHERE id = ?")
    .bind(chatId)
    .all<{ title: string }>();
  return results[0]?.title ?? "";
}

test.each(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])(
  "a change is not made by %s",
  async (method) => {
    const owner = await callerFor("owner");
    const chatId = await chatOf(owner);
    const input = encodeURIComponent(JSON.stringify({ chatId, title: "new" }));
    const response = await owner.fetch(`/trpc/chats.rename?input=${input}`, { method });
    expect(response.ok && method !== "HEAD").toBe(false);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await titleOf(chatId)).toBe("old");
  },
);

test("of a body and a query the body counts, as for any POST", async () => {
  const owner = await callerFor("owner");
  const chatId = await chatOf(owner);
  const query = encodeURIComponent(JSON.stringify({ chatId, title: "of the query" }));
  const response = await owner.fetch(`/trpc/chats.rename?input=${query}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ chatId, title: "of the body" }),
  });
  expect(response.status).toBe(200);
  expect(await titleOf(chatId)).toBe("of the body");
});

test("a parameter that comes twice is read once, and checked as it is used", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("owner")];
  const [own, foreign] = [await chatOf(owner), await chatOf(other)];
  const input = (chatId: string) => `input=${encodeURIComponent(JSON.stringify({ chatId }))}`;
  for (const pair of [
    [own, foreign],
    [foreign, own],
  ] as const) {
    const path = `/trpc/chats.get?${pair.map(input).join("&")}`;
    const text = await (await owner.fetch(path)).text();
    expect(text).not.toContain(`"id":"${foreign}"`);
  }
  const body = `{"chatId":"${own}","chatId":"${foreign}","title":"taken"}`;
  const response = await owner.fetch("/trpc/chats.rename", { method: "POST", headers, body });
  expect(response.status).toBe(404);
  expect([await titleOf(own), await titleOf(foreign)]).toEqual(["old", "old"]);
});

test("a sign-up cannot bring a role, an id or a verified address", async () => {
  const client = anonymous();
  const id = newId();
  const more = { id, role: "admin", emailVerifiedAt: 1, isGuest: true, contentShard: 7 };
  const account = { email: `${newId()}@example.com`, password: "tea before noon" };
  const response = await client.fetch("/trpc/auth.signUp", {
    method: "POST",
    headers,
    body: JSON.stringify({ ...more, ...account }),
  });
  expect(response.status).toBe(200);
  const viewer = await client.api.auth.me.query();
  expect(viewer).toMatchObject({ role: "user", isGuest: false });
  expect(viewer?.id).not.toBe(id);
  const row = await env.HOME.prepare(
    "SELECT role, emailVerifiedAt, contentShard FROM users WHERE id = ?",
  )
    .bind(viewer?.id)
    .first();
  expect(row).toEqual({ role: "user", emailVerifiedAt: null, contentShard: 0 });
});

test("a change of a chat cannot bring an owner or a visibility", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("owner")];
  const chatId = await chatOf(owner);
  const more = { userId: other.user.id, visibility: "public", createdAt: 0 };
  const response = await owner.fetch("/trpc/chats.rename", {
    method: "POST",
    headers,
    body: JSON.stringify({ ...more, chatId, title: "new" }),
  });
  expect(response.status).toBe(200);
  const found = await owner.api.chats.get.query({ chatId });
  expect(JSON.stringify(found)).toContain('"visibility":"private"');
  expect(await titleOf(chatId)).toBe("new");
});

test("keys of JSON cannot change what all objects have", async () => {
  const owner = await callerFor("owner");
  const chatId = await chatOf(owner);
  const body = `{"chatId":"${chatId}","title":"new","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;
  const response = await owner.fetch("/trpc/chats.rename", { method: "POST", headers, body });
  expect(response.status).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(await titleOf(chatId)).toBe("new");
});
