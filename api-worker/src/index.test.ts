import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";

test("an address that is not there answers 404 with a request id", async () => {
  const response = await exports.default.fetch("http://app.test/nowhere");
  expect(response.status).toBe(404);
  const { error } = await response.json<{
    error: { data: { errorCode: string; requestId: string } };
  }>();
  expect(error.data.errorCode).toBe("NOT_FOUND");
  expect(response.headers.get("x-request-id")).toBe(error.data.requestId);
});

test("nobody is nobody", async () => {
  const response = await exports.default.fetch("http://app.test/trpc/chats.list?input=%7B%7D");
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    error: { data: { errorCode: "UNAUTHENTICATED" } },
  });
});
