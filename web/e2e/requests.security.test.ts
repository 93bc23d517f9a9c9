import { expect, inject } from "vitest";
import { signUp } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("a change that another site sends gets a page that says so, and changes nothing", async ({
  visit,
}) => {
  const { context, page } = await visit({ baseURL });
  await signUp(page);
  for (const path of ["/logout", "/guest", `/share/${crypto.randomUUID()}`, "/login"]) {
    for (const origin of ["https://evil.example", "null"]) {
      const sent = { form: { email: "a" }, headers: { origin } };
      const response = await context.request.post(path, { ...sent, maxRedirects: 0 });
      const text = await response.text();
      expect([path, origin, response.status()]).toEqual([path, origin, 403]);
      expect([path, response.headers()["content-type"]]).toEqual([
        path,
        expect.stringContaining("text/html"),
      ]);
      expect(text).toContain("This request didn’t come from this site.");
    }
  }
  const me = await context.request.get("/trpc/auth.me");
  expect((await me.json()).result.data).not.toBeNull();
});

test("a body that is no form, or too large a form, gets a page that says so", async ({ visit }) => {
  const { context } = await visit({ baseURL });
  const headers = { "content-type": "text/plain", origin: baseURL };
  const text = await context.request.post("/login", { data: "hello", headers });
  expect(text.status()).toBe(415);
  expect(await text.text()).toContain("This page only takes forms.");
  const large = await context.request.post("/login", {
    form: { email: "x".repeat(2_000_000) },
    headers: { origin: baseURL },
  });
  expect(large.status()).toBe(413);
  expect(await large.text()).toContain("This form is too large.");
  const form = { email: "unknown@example.com", password: "wrong password" };
  const wrong = await context.request.post("/login", { form, headers: { origin: baseURL } });
  expect(wrong.status()).toBe(401);
});

test("an upload to the API without a login is read to its end and refused", async ({ visit }) => {
  const { context } = await visit({ baseURL });
  const headers = { "content-type": "application/json", origin: baseURL };
  const data = JSON.stringify({ email: "x".repeat(5_000_000) });
  const response = await context.request.post("/trpc/auth.logIn", { data, headers });
  expect(response.status()).toBe(413);
  expect((await response.json()).error.data.errorCode).toBe("TOO_LARGE");
});

test("pages, files and the API all refuse to be framed", async ({ visit }) => {
  const { context } = await visit({ baseURL });
  for (const path of ["/login", "/nowhere", "/trpc/auth.me", "/robots.txt", "/files/none"]) {
    const headers = (await context.request.get(path)).headers();
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    expect(headers["permissions-policy"], path).toContain("camera=()");
  }
});
