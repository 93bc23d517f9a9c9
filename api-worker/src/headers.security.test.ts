import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, callerFor } from "../test/callers.ts";
import { bytesOf, upload } from "../test/files.ts";

const paths = {
  "a procedure": "/trpc/auth.me",
  "a procedure that is not there": "/trpc/nothing",
  "a batch that is refused": `/trpc/${"auth.me,".repeat(30)}auth.me?batch=1`,
  "a stream": "/v1/stream/nothing",
  "a file that is not there": `/files/${crypto.randomUUID()}`,
  "a package that is not there": "/run/packages/1.2.3/none.whl",
  "an address that is not there": "/nowhere",
};

async function headersOf(path: string): Promise<Headers> {
  return (await anonymous().fetch(path)).headers;
}

test.each(Object.entries(paths))("every response has the security headers: %s", async (_, path) => {
  const headers = await headersOf(path);
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("content-security-policy")).toContain("base-uri 'none'");
  expect(headers.get("permissions-policy")).toBe("camera=(), geolocation=(), microphone=()");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("a served file has them too, and keeps its own policy", async () => {
  const owner = await callerFor("owner");
  const { id } = await upload(owner, bytesOf("hello"), "a.txt");
  const { headers, status } = await owner.fetch(`/files/${id}`);
  expect(status).toBe(200);
  expect(headers.get("content-security-policy")).toContain("sandbox; frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).toContain("base-uri 'none'");
  expect(headers.get("strict-transport-security")).toContain("max-age");
  expect(headers.has("permissions-policy")).toBe(true);
});

test("without HTTPS no response asks for it", async () => {
  const { headers } = await exports.default.fetch("http://app.test/trpc/auth.me");
  expect(headers.has("strict-transport-security")).toBe(false);
});
