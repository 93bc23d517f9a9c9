import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { createClient } from "../../../test/client.ts";
import { checkOrigin } from "./origin.ts";

const post = (headers: Record<string, string>) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
});

test.each([
  ["another site", "https://evil.test"],
  ["a sandboxed frame", "null"],
  ["the same host on another port", "https://app.test:8443"],
  ["the same host without HTTPS", "http://app.test"],
  ["a sibling domain", "https://x.app.test"],
])("a change that %s sends with the reader's cookie is refused", async (_, origin) => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/auth.logOut", post({ origin }));
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: { data: { errorCode: "FORBIDDEN" } } });
  expect(await owner.api.auth.me.query()).toMatchObject({ id: owner.user.id });
});

test("a form on another site cannot log a reader in as someone else", async () => {
  const client = createClient();
  const init = { ...post({ origin: "https://evil.test" }), body: "{}" };
  expect((await client.fetch("/trpc/auth.logIn", init)).status).toBe(403);
});

test("our own page may make a change", async () => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/auth.logOut", post({}));
  expect(response.status).toBe(200);
});

test("a cookie without Origin may not make a change, and reading needs no Origin", async () => {
  const owner = await callerFor("owner");
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const request = (method: string, headers: Record<string, string>) =>
    new Request("https://app.test/trpc/auth.logOut", { method, headers });
  expect(() => checkOrigin(request("POST", { cookie }))).toThrow(/didn’t come from this site/);
  expect(() => checkOrigin(request("GET", { cookie }))).not.toThrow();
  expect(() => checkOrigin(request("POST", {}))).not.toThrow();
});

test("no change can be made by GET, which no Origin protects", async () => {
  const owner = await callerFor("owner");
  const response = await owner.fetch("/trpc/auth.logOut?input=%7B%7D");
  expect(response.status).toBe(400);
  expect(await owner.api.auth.me.query()).not.toBeNull();
});
