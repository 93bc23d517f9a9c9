/** Attack by accident: a page still shows one user, and another user is logged in in its browser. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import { refusalOf, type TestClient } from "../../../test/client.ts";
import { programOf } from "../../../test/programs.ts";
import { question } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";

const json = { "content-type": "application/json" };
const lines = { ...json, "trpc-accept": "application/jsonl" };

function form(): FormData {
  const data = new FormData();
  data.append("file", new File(["words"], "a.txt", { type: "text/plain" }));
  return data;
}

/** Every way in which the web app calls the API, each with the headers of a page. */
const calls: Readonly<Record<string, (headers: Record<string, string>) => [string, RequestInit]>> =
  {
    "a query": (headers) => ["/trpc/chats.list?input=%7B%7D", { headers }],
    "a batch of queries": (headers) => [
      "/trpc/chats.list,models.list?batch=1&input=%7B%220%22%3A%7B%7D%7D",
      { headers },
    ],
    "a search": (headers) => [
      "/trpc/chats.search",
      { method: "POST", headers: { ...json, ...headers }, body: '{"query":"x"}' },
    ],
    "a message": (headers) => [
      "/trpc/messages.send",
      {
        method: "POST",
        headers: { ...json, ...headers },
        body: JSON.stringify(question("count to 3")),
      },
    ],
    "a message with its answer": (headers) => [
      "/trpc/messages.send?batch=1",
      {
        method: "POST",
        headers: { ...lines, ...headers },
        body: JSON.stringify({ 0: question("count to 3") }),
      },
    ],
    "an upload": (headers) => ["/trpc/uploads.create", { method: "POST", headers, body: form() }],
    "the deletion of all chats": (headers) => [
      "/trpc/chats.deleteAll",
      { method: "POST", headers: { ...json, ...headers } },
    ],
  };

function send(client: TestClient, what: string, shownId: string) {
  const make = calls[what];
  if (!make) throw new Error("There is no such call.");
  return client.fetch(...make({ "x-viewer": shownId }));
}

/** How many rows of content a user has. */
async function contentOf({ user }: Caller): Promise<number> {
  let rows = 0;
  for (const table of ["chats", "messages", "uploads"]) {
    const count = env.CONTENT_0.prepare(`SELECT count(*) AS n FROM ${table} WHERE userId = ?`);
    rows += (await count.bind(user.id).first<number>("n")) ?? 0;
  }
  return rows;
}

test.each(Object.keys(calls))("%s of a page of another user is refused", async (what) => {
  const [ada, zoe] = [await callerFor("owner"), await callerFor("anotherUser")];
  await zoe.api.messages.send.mutate(question("count to 3"));
  const before = await contentOf(zoe);
  const refused = await send(zoe, what, ada.user.id);
  expect(await refusalOf(refused)).toMatchObject({ status: 409, code: "OTHER_VIEWER" });
  expect(await contentOf(zoe)).toBe(before);
  const taken = await send(zoe, what, zoe.user.id);
  expect(taken.status).toBe(200);
  await taken.text();
});

test.each(Object.keys(calls))("%s of a page whose user has logged out is refused", async (what) => {
  const { user } = await callerFor("owner");
  const refused = await send(anonymous(), what, user.id);
  expect(await refusalOf(refused)).toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a subscription says in its address whom the page shows", async () => {
  const [ada, zoe] = [await callerFor("owner"), await callerFor("anotherUser")];
  const watch = (shownId: string) => zoe.fetch(`/trpc/chats.watch?viewer=${shownId}`);
  expect(await refusalOf(await watch(ada.user.id))).toMatchObject({ code: "OTHER_VIEWER" });
  const own = await watch(zoe.user.id);
  expect(own.status).toBe(200);
  await own.body?.cancel();
});

test("a guest's page goes on through the first message and the sign-up, and not after a login", async () => {
  const account = anonymous();
  const credentials = { email: `${newId()}@example.com`, password: "correct horse" };
  await account.api.auth.signUp.mutate(credentials);
  const guest = anonymous();
  const { id } = await guest.api.auth.startGuest.mutate();
  for (const _ of [1, 2]) expect((await send(guest, "a message", id)).status).toBe(200);
  const other = anonymous();
  const { id: otherId } = await other.api.auth.startGuest.mutate();
  const email = `${newId()}@example.com`;
  await other.api.auth.signUp.mutate({ email, password: "correct horse" });
  expect((await send(other, "a message", otherId)).status).toBe(200);
  // The chats have moved to another user, whom the page has to show first.
  await guest.api.auth.logIn.mutate(credentials);
  expect(await refusalOf(await send(guest, "a message", id))).toMatchObject({
    code: "OTHER_VIEWER",
  });
});

test("programs need not say whom they show, and are refused when they show someone else", async () => {
  const [owner, other] = [await callerFor("owner"), await callerFor("anotherUser")];
  const program = await programOf(owner, ["chats:read", "chats:write"]);
  expect(await program.api.chats.list.query({})).toMatchObject({ items: [] });
  expect(await refusalOf(await send(program, "a message", other.user.id))).toMatchObject({
    code: "OTHER_VIEWER",
  });
});
