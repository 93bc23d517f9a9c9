import { expect, test, vi } from "vitest";
import { admitRequest, refusalMiddleware } from "./admit-request.server.ts";
import { logPageRefusal } from "./log.server.ts";
import { createLoadContext } from "./request-context.server.ts";
import { withSecurityHeaders } from "./security-headers.ts";

const origin = "https://chat.example";
const form = "application/x-www-form-urlencoded";

const post = (path: string, headers: Record<string, string>, body?: BodyInit) =>
  new Request(`${origin}${path}`, {
    method: "POST",
    headers: { origin, ...headers },
    ...(body !== undefined && { body, duplex: "half" }),
  });

/** A body without a length, and how much of it was taken. */
function endless(bytes: number) {
  const chunk = new TextEncoder().encode("x".repeat(10_000));
  let taken = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        taken += chunk.length;
        controller.enqueue(chunk);
        if (taken >= bytes) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken };
}

test("a form arrives as it was sent", async () => {
  const { request, refusal } = await admitRequest(
    post("/login", { "content-type": form, cookie: "a=b" }, "email=a%40b.example&password=x"),
  );
  expect(refusal).toBeNull();
  expect(request.headers.get("cookie")).toBe("a=b");
  expect(Object.fromEntries(await request.formData())).toEqual({
    email: "a@b.example",
    password: "x",
  });
});

test("a form with a file field, and one without any field, arrive too", async () => {
  const fields = new FormData();
  fields.append("newChatId", "n1");
  const { request } = await admitRequest(post("/share/x", {}, fields));
  expect((await request.formData()).get("newChatId")).toBe("n1");
  const bare = await admitRequest(post("/logout", {}));
  expect(bare.refusal).toBeNull();
  expect([...(await bare.request.formData())]).toEqual([]);
});

test("a reading request is passed on as it is", async () => {
  const request = new Request(`${origin}/login`, { headers: { origin: "https://evil.example" } });
  expect(await admitRequest(request)).toEqual({ request, refusal: null });
});

test.each([
  ["another site", { origin: "https://evil.example" }],
  ["a sandboxed frame", { origin: "null" }],
  ["no origin but a cookie", { cookie: "session=x" }],
  ["an origin that is no address", { origin: "::" }],
])("a change from %s is refused on every page with a 403", async (_, headers) => {
  for (const path of ["/logout", "/share/x", "/guest", "/login", "/login.data"]) {
    const sent = new Request(`${origin}${path}`, { method: "POST", headers, body: "a=b" });
    const { request, refusal } = await admitRequest(sent);
    expect(refusal).toEqual({ status: 403, text: "This request didn’t come from this site." });
    expect([request.method, request.url, request.body]).toEqual(["GET", `${origin}${path}`, null]);
    expect(sent.bodyUsed).toBe(true);
  }
});

test.each([
  ["text", 415, "text/plain", "hello"],
  ["JSON", 415, "application/json", "{}"],
  ["a type that begins like a form’s", 415, `${form}x`, "a=b"],
  ["a form that is broken", 400, "multipart/form-data; boundary=x", "hello"],
  ["a form without a boundary", 400, "multipart/form-data", "hello"],
  ["a form that is too large", 413, form, `email=${"x".repeat(16_000)}`],
])("a body that is %s gets a %d, not a failure of the server", async (_, status, type, body) => {
  const { refusal } = await admitRequest(post("/login", { "content-type": type }, body));
  expect(refusal).toMatchObject({ status, text: expect.any(String) });
});

test("an endless form is refused after a few kilobytes, whatever it says", async () => {
  const { stream, taken } = endless(100_000_000);
  const { refusal } = await admitRequest(post("/login", { "content-type": form }, stream));
  expect(refusal).toMatchObject({ status: 413 });
  expect(taken()).toBeLessThan(1_200_000);
});

test("a refused request is shown as an error page with the reason and a request id", async () => {
  const refusal = { status: 403, text: "No." } as const;
  const context = createLoadContext({
    api: { fetch: async () => new Response() },
    timeZone: undefined,
    refusal,
  });
  const request = new Request(`${origin}/logout`);
  const args = { request, url: new URL(request.url), pattern: "logout", context, params: {} };
  const next = async () => new Response("page");
  const shown = await Promise.resolve()
    .then(() => refusalMiddleware(args, next))
    .catch((error: unknown) => error);
  expect(shown).toMatchObject({
    init: { status: 403 },
    data: { text: "No.", requestId: expect.any(String) },
  });
});

test("a refused request is in the log with its address, without anything that was sent", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 60_000_000 });
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const request = post("/login?s3cret", {
    ...{ "cf-connecting-ip": "2001:db8:1:2:3::4", cookie: "a=s3cret" },
  });
  const refuse = () => logPageRefusal("the-id", request, 403);
  refuse();
  const lines = () => log.mock.calls.map(([line]) => JSON.parse(String(line)));
  const line = {
    ...{ level: "info", event: "pages.request_refused", requestId: "the-id", status: 403 },
    address: "2001:db8:1:2::/64",
  };
  expect(lines()).toEqual([line]);
  // A flood is counted.
  for (let index = 0; index < 200; index += 1) refuse();
  expect(log).toHaveBeenCalledTimes(100);
  vi.setSystemTime(60_060_000);
  refuse();
  expect(lines().at(-1)).toEqual({ ...line, dropped: 101 });
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("a response that no page made has the security headers too", () => {
  const bare = new Response("Bad Request", {
    status: 400,
    headers: { "referrer-policy": "origin" },
  });
  const { headers, status } = withSecurityHeaders(bare, `${origin}/login`);
  expect(status).toBe(400);
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).toContain("base-uri 'none'");
  expect(headers.get("permissions-policy")).toContain("camera=()");
  expect(headers.get("referrer-policy")).toBe("origin");
});
