import { expect, test, vi } from "vitest";
import { anonymous, callerFor } from "../test/callers.ts";
import { refusalOf, type TestClient } from "../test/client.ts";
import { flood } from "../test/flood.ts";
import { programOf } from "../test/programs.ts";
import { limits } from "./contracts/limits.ts";
import { streamLimits } from "./contracts/streams.ts";

const megabyte = 1_000_000;
/** What is read of a refused body without a length, so that the client reads the response. */
const drainedMaxBytes = 1.2 * megabyte;

const logInHead = '{"email":"ada@example.com","password":"';

const post = (client: TestClient, path: string, body: BodyInit, type = "application/json") =>
  client.fetch(path, { method: "POST", headers: { "content-type": type }, body });

test.each([
  ["JSON", "application/json"],
  ["a form", "multipart/form-data; boundary=x"],
  ["bytes", "application/octet-stream"],
])("a stranger’s endless body is refused after a few kilobytes: %s", async (_, type) => {
  const { init, taken } = flood(logInHead, "x", 20 * megabyte, type);
  const response = await anonymous().fetch("/trpc/auth.logIn", init);
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
  expect(taken()).toBeLessThan(limits.anonymousBodyMaxBytes + drainedMaxBytes);
});

test("a stranger may send what a sign-up needs and no more", async () => {
  const longest = {
    email: `${"é".repeat(200)}@example.com`,
    password: "\u0001".repeat(limits.passwordMaxLength),
  };
  const fits = await post(anonymous(), "/trpc/auth.signUp", JSON.stringify(longest));
  expect(await refusalOf(fits)).toMatchObject({ code: "INVALID" });
  const padded = JSON.stringify({ ...longest, more: "x".repeat(limits.anonymousBodyMaxBytes) });
  const tooLong = await post(anonymous(), "/trpc/auth.signUp", padded);
  expect(await refusalOf(tooLong)).toMatchObject({ status: 413, code: "TOO_LARGE" });
});

test.each([
  ["with a made-up session", "session"],
  ["as a guest without a message", "guest"],
] as const)("a stranger %s is bounded too", async (_, kind) => {
  const client = anonymous();
  if (kind === "guest") await client.api.auth.startGuest.mutate();
  else client.cookies.set("__Host-session", `${"a".repeat(24)}.${"b".repeat(32)}`);
  const { init, taken } = flood(logInHead, "x", 20 * megabyte);
  const response = await client.fetch("/trpc/auth.logIn", init);
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
  const mostBytes = kind === "guest" ? limits.bodyMaxBytes : limits.anonymousBodyMaxBytes;
  expect(taken()).toBeLessThan(mostBytes + drainedMaxBytes);
});

test.each([
  ["messages.send", limits.bodyMaxBytes],
  ["chats.import", limits.importMaxBytes],
  ["chats.import,chats.import?batch=1", limits.bodyMaxBytes],
])("an endless body of a user is refused at the bound of %s", async (path, maxBytes) => {
  const owner = await callerFor("owner");
  const { init, taken } = flood('{"data":"', "x", 40 * megabyte);
  const response = await owner.fetch(`/trpc/${path}`, init);
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
  expect(taken()).toBeLessThan(maxBytes + drainedMaxBytes);
});

test("an endless upload is refused at the bound of the viewer’s files", async () => {
  const owner = await callerFor("owner");
  const head = '--x\r\nContent-Disposition: form-data; name="chatId"\r\n\r\n';
  const { init, taken } = flood(head, "x", 60 * megabyte, "multipart/form-data; boundary=x");
  const response = await owner.fetch("/trpc/uploads.create", init);
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
  expect(taken()).toBeLessThan(20 * 1024 * 1024 + 500_000 + drainedMaxBytes);
});

test("an endless append to a stream is refused at its bound, and its rest is read", async () => {
  const program = await programOf(await callerFor("owner"), ["streams"]);
  const { init, taken } = flood("x", "x", 20 * megabyte, "text/plain");
  const response = await program.fetch("/v1/stream/endless", { ...init, method: "PUT" });
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
  expect(taken()).toBeGreaterThan(streamLimits.appendMaxBytes + megabyte);
  expect(taken()).toBeLessThan(streamLimits.appendMaxBytes + drainedMaxBytes);
});

/** Watches what reaches the parser, which builds every value in memory. */
function watchParser() {
  const parsed = vi.spyOn(JSON, "parse");
  const json = vi.spyOn(Request.prototype, "json");
  return {
    /** Ends the watch. */
    hasParsed(text: string): boolean {
      const isParsed = json.mock.calls.length > 0 || parsed.mock.calls.some(([it]) => it === text);
      parsed.mockRestore();
      json.mockRestore();
      return isParsed;
    },
  };
}

test.each([
  ["arrays", "[", "]", 100_000],
  ["objects", '{"a":', "}", 100_000],
  ["one more than the bound", "[", "]", limits.jsonDepthMax],
])("JSON that is nested too deeply is never parsed: %s", async (_, open, close, depth) => {
  const owner = await callerFor("owner");
  const inner = open.repeat(depth) + (open === "[" ? "" : "1") + close.repeat(depth);
  const body = `{"data":${inner}}`;
  const parser = watchParser();
  const response = await post(owner, "/trpc/chats.import", body);
  expect(parser.hasParsed(body)).toBe(false);
  expect(await refusalOf(response)).toMatchObject({
    code: "INVALID",
    message: "This request is nested too deeply.",
  });
});

test("nested JSON in an address is never parsed either", async () => {
  const input = "[".repeat(5_000) + "]".repeat(5_000);
  const response = await anonymous().fetch(`/trpc/auth.me?input=${encodeURIComponent(input)}`);
  expect(await refusalOf(response)).toMatchObject({ code: "INVALID" });
});

test.each([
  ["empty arrays", "[]"],
  ["empty objects", "{}"],
  ["numbers", "1.5"],
])("JSON of millions of tiny values is never parsed: %s", async (_, value) => {
  const owner = await callerFor("owner");
  const count = limits.jsonValuesMax + 1;
  const body = `{"data":[${Array(count).fill(value).join(",")}]}`;
  const parser = watchParser();
  const response = await post(owner, "/trpc/chats.import", body);
  expect(parser.hasParsed(body)).toBe(false);
  expect(await refusalOf(response)).toMatchObject({ status: 413, code: "TOO_LARGE" });
});

test("brackets and commas inside of texts are no nesting and no values", async () => {
  const owner = await callerFor("owner");
  const text = `${"[".repeat(limits.messageTextMaxLength - 4)}\\"[{`;
  const message = { id: crypto.randomUUID(), parts: [{ type: "text", text }] };
  const body = JSON.stringify({ chatId: crypto.randomUUID(), message });
  const response = await post(owner, "/trpc/messages.send", body);
  expect(response.status).toBe(200);
});

test("nested JSON is not parsed for a stream either", async () => {
  const program = await programOf(await callerFor("owner"), ["streams"]);
  const nested = "[".repeat(200) + "]".repeat(200);
  const response = await program.fetch("/v1/stream/nested", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: nested,
  });
  expect(await refusalOf(response)).toMatchObject({ code: "INVALID" });
});

test("a failure before the router has the shape of the router’s own", async () => {
  const client = anonymous();
  const before = await client.fetch("/trpc/auth.logOut?batch=1", {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://evil.test" },
    body: "{}",
  });
  const { error } = await before.json<{ error: { code: unknown } }>();
  expect(error.code).toBe(-32003);
});
