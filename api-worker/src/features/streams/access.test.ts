import { expect, test } from "vitest";
import { anonymous, callerFor } from "../../../test/callers.ts";
import { refusalOf, type TestClient } from "../../../test/client.ts";
import { programOf } from "../../../test/programs.ts";
import { newId } from "../../platform/ids.ts";
import { streamAccess, turnAccess } from "./access.ts";

const person = { scopes: null };
const program = (...scopes: ("streams" | "chats:read" | "chats:write")[]) => ({ scopes });

test.each([
  ["anonymous", null, "unauthenticated", "unauthenticated", "unauthenticated"],
  ["a person", person, "allowed", "needs-token", "allowed"],
  ["a program for streams", program("streams"), "allowed", "allowed", "needs-scope"],
  ["a program that reads chats", program("chats:read"), "needs-scope", "needs-scope", "allowed"],
  ["a program that writes", program("chats:write"), "needs-scope", "needs-scope", "needs-scope"],
  ["a program without scopes", program(), "needs-scope", "needs-scope", "needs-scope"],
] as const)("%s: read, write, read a chat's answer", (_, asker, read, write, turn) => {
  expect(streamAccess(asker, "read")).toBe(read);
  expect(streamAccess(asker, "write")).toBe(write);
  expect(turnAccess(asker)).toBe(turn);
});

const kinds = [
  "anonymous",
  "guest",
  "owner by cookie",
  "owner by token",
  "owner by a token for chats",
  "another user by cookie",
  "another user by token",
  "admin by cookie",
  "admin by token",
] as const;
type Kind = (typeof kinds)[number];

const text = { "content-type": "text/plain" };
const ways: Record<string, { init: RequestInit; status: Record<Kind, number> }> = {
  create: {
    init: { method: "PUT", headers: { ...text, "stream-closed": "true" } },
    status: status({ "owner by token": 409, others: 201 }),
  },
  append: {
    init: { method: "POST", headers: text, body: "more" },
    status: status({ "owner by token": 204, others: 404 }),
  },
  delete: {
    init: { method: "DELETE" },
    status: status({ "owner by token": 204, others: 404 }),
  },
  read: { init: { method: "GET" }, status: readStatus() },
  follow: { init: { method: "GET" }, status: readStatus() },
  head: { init: { method: "HEAD" }, status: readStatus() },
};

/** For methods that change a stream. Other callers with this right change streams of their own. */
function status(of: { "owner by token": number; others: number }): Record<Kind, number> {
  return {
    anonymous: 401,
    guest: 403,
    "owner by cookie": 403,
    "owner by token": of["owner by token"],
    "owner by a token for chats": 403,
    "another user by cookie": 403,
    "another user by token": of.others,
    "admin by cookie": 403,
    "admin by token": of.others,
  };
}

function readStatus(): Record<Kind, number> {
  return {
    anonymous: 401,
    guest: 404,
    "owner by cookie": 200,
    "owner by token": 200,
    "owner by a token for chats": 403,
    "another user by cookie": 404,
    "another user by token": 404,
    "admin by cookie": 404,
    "admin by token": 404,
  };
}

const cells = Object.entries(ways).flatMap(([way, { init, status: expected }]) =>
  kinds.map((kind) => ({ way, init, kind, expected: expected[kind] })),
);

test.each(cells)("$way by $kind: $expected", async ({ way, init, kind, expected }) => {
  const owner = await callerFor("owner");
  const writer = await programOf(owner, ["streams"]);
  const path = `/v1/stream/private/${newId()}`;
  await writer.fetch(path, { method: "PUT", headers: text, body: "secret" });
  const query = way === "follow" ? "?offset=-1&live=sse" : "";

  const client = await clientFor(kind, owner);
  const response = await client.fetch(`${path}${query}`, init);
  expect(response.status).toBe(expected);
  const body = expected === 200 && way === "follow" ? "" : await response.text();
  if (expected === 200 && way === "follow") await response.body?.cancel();
  if (expected !== 200) expect(body).not.toContain("secret");

  if (kind.startsWith("owner")) return;
  // For other callers an existing stream looks like a missing one.
  const absent = `/v1/stream/private/${newId()}`;
  const other = await client.fetch(`${absent}${query}`, init);
  expect([other.status, withoutId(await other.text())]).toEqual([expected, withoutId(body)]);
  const seen = await writer.fetch(path);
  expect(await seen.text()).toBe("secret");
  expect(seen.headers.get("stream-closed")).toBeNull();
});

async function clientFor(
  kind: Kind,
  owner: Awaited<ReturnType<typeof callerFor>>,
): Promise<TestClient> {
  if (kind === "anonymous") return anonymous();
  if (kind === "guest") return callerFor("guest");
  if (kind === "owner by a token for chats") return programOf(owner, ["chats:read", "chats:write"]);
  const person = kind.startsWith("owner")
    ? owner
    : await callerFor(kind.startsWith("admin") ? "admin" : "anotherUser");
  return kind.endsWith("token") ? programOf(person, ["streams"]) : person;
}

function withoutId(body: string): string {
  return body.replace(/"requestId":"[^"]*"/, "");
}

test("another site's page can neither write with the reader's cookie nor read a response", async () => {
  const owner = await callerFor("owner");
  const headers = { ...text, origin: "https://elsewhere.example" };
  const path = `/v1/stream/${newId()}`;
  const put = await owner.fetch(path, { method: "PUT", headers });
  expect(put.status).toBe(403);
  const preflight = await owner.fetch(path, { method: "OPTIONS", headers });
  expect(preflight.headers.get("allow")).toBe("PUT, POST, GET, HEAD, DELETE");
  expect(await refusalOf(preflight)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  for (const response of [put, preflight]) {
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("a browser that is led to a stream of HTML runs nothing of it", async () => {
  const owner = await callerFor("owner");
  const writer = await programOf(owner, ["streams"]);
  const path = `/v1/stream/${newId()}`;
  const html = { "content-type": "text/html" };
  await writer.fetch(path, { method: "PUT", headers: html, body: "<script>alert(1)</script>" });
  for (const query of ["", "?offset=-1", "?offset=now", "?offset=-1&live=sse"]) {
    const response = await owner.fetch(`${path}${query}`);
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; base-uri 'none'; sandbox; frame-ancestors 'none'",
    );
    expect(response.headers.get("content-disposition")).toBe("attachment");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    await response.body?.cancel();
  }
});
