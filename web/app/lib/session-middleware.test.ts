import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { documentMiddleware } from "./document-middleware.server.ts";
import { type ApiSession, apiContext, createLoadContext } from "./request-context.server.ts";
import { sessionMiddleware } from "./session-middleware.server.ts";

const viewer = { id: "u1", email: "ada@example.com", name: null, role: "user", isGuest: false };

/** Requests that the API received, and its response about the viewer. */
let apiRequests: Request[];
let fetchApi: (request: Request) => Promise<Response>;
let apiAnswer: { viewer: typeof viewer | null; cookies: string[] };

beforeEach(() => {
  apiRequests = [];
  apiAnswer = { viewer: null, cookies: [] };
  fetchApi = answerMe;
});

afterEach(() => vi.restoreAllMocks());

async function answerMe(request: Request): Promise<Response> {
  apiRequests.push(request);
  const headers = new Headers({ "content-type": "application/json" });
  for (const cookie of apiAnswer.cookies) headers.append("set-cookie", cookie);
  // All calls of a request have the same result.
  const calls = new URL(request.url).pathname.split(",");
  const results = calls.map(() => ({ result: { data: apiAnswer.viewer } }));
  return new Response(JSON.stringify(results), { headers });
}

/** Runs a request for the page with this route pattern through the middleware. */
async function visit(
  pattern: string,
  path: string,
  headers: Record<string, string> = {},
  { method = "GET", load }: { method?: string; load?: (session: ApiSession) => unknown } = {},
) {
  const request = new Request(new URL(path, "https://chat.example"), { headers, method });
  const context = createLoadContext({ api: { fetch: fetchApi }, timeZone: undefined });
  const args = { request, url: new URL(request.url), pattern, context, params: {} };
  let seen: unknown = "not reached";
  const response = await sessionMiddleware(args, async () => {
    const session = context.get(apiContext);
    await load?.(session);
    seen = await session.viewer;
    return new Response("page");
  });
  if (!(response instanceof Response)) throw new Error("no response");
  return { response, seen, location: response.headers.get("location") };
}

describe("without a login", () => {
  test("a page redirects to the login page, which leads back", async () => {
    const { response, location, seen } = await visit("chat/:chatId", "/chat/x?y=1");
    expect(response.status).toBe(302);
    expect(location).toBe("/login?next=%2Fchat%2Fx%3Fy%3D1");
    expect(seen).toBe("not reached");
  });

  test("an unlisted page requires a login", async () => {
    expect((await visit("settings", "/settings")).location).toBe("/login?next=%2Fsettings");
  });

  test.each(["login", "signup", "reset", "logout", "*"])("%s is open", async (pattern) => {
    expect(await visit(pattern, "/some-path")).toMatchObject({ location: null, seen: null });
  });

  test.each(["admin", "admin/users/:userId"])("%s is left to its loader", async (pattern) => {
    expect(await visit(pattern, "/admin")).toMatchObject({ location: null, seen: null });
  });

  test("a page with a similar name requires a login", async () => {
    expect((await visit("administrators", "/administrators")).response.status).toBe(302);
  });

  test("without a cookie the API is not called", async () => {
    await visit("login", "/login");
    expect(apiRequests).toEqual([]);
  });
});

describe("with a login", () => {
  const headers = { cookie: "session=abc" };
  beforeEach(() => {
    apiAnswer.viewer = viewer;
  });

  test("pages know the viewer after one call", async () => {
    expect(await visit("/", "/", headers)).toMatchObject({ location: null, seen: viewer });
    expect(apiRequests).toHaveLength(1);
  });

  test("what a page loads travels with the question of who the viewer is", async () => {
    const load = ({ client }: ApiSession) => client.models.list.query();
    expect(await visit("/", "/", headers, { load })).toMatchObject({ seen: viewer });
    const paths = apiRequests.map(({ url }) => new URL(url).pathname);
    expect(paths).toEqual(["/trpc/auth.me,models.list"]);
  });

  test("a form waits until the viewer is known", async () => {
    const known = Promise.withResolvers<void>();
    fetchApi = async (request) => {
      await known.promise;
      return answerMe(request);
    };
    const load = vi.fn();
    const visited = visit("share/:chatId", "/share/x", headers, { method: "POST", load });
    await new Promise((resolve) => setTimeout(resolve));
    expect(load).not.toHaveBeenCalled();
    known.resolve();
    expect(await visited).toMatchObject({ seen: viewer });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("what was loaded for a session that has ended does not reach the browser", async () => {
    apiAnswer.viewer = null;
    const load = vi.fn();
    const { response, location } = await visit("chat/:chatId", "/chat/x", headers, { load });
    expect(load).toHaveBeenCalledTimes(1);
    expect(location).toBe("/login?next=%2Fchat%2Fx");
    expect(await response.text()).toBe("");
  });

  test.each(["login", "signup"])("%s redirects to the requested page", async (pattern) => {
    expect((await visit(pattern, `/${pattern}?next=/chat/x`, headers)).location).toBe("/chat/x");
    expect((await visit(pattern, `/${pattern}`, headers)).location).toBe("/");
  });

  test.each(["login", "signup"])("%s is open to guests", async (pattern) => {
    apiAnswer.viewer = { ...viewer, isGuest: true };
    expect(await visit(pattern, `/${pattern}`, headers)).toMatchObject({ location: null });
  });

  test("no redirect leads to another site", async () => {
    expect((await visit("login", "/login?next=//evil.example", headers)).location).toBe("/");
    expect((await visit("login", "/login?next=/%5Cevil.example", headers)).location).toBe("/");
  });

  test("the API gets the browser's IP address, user agent, origin and cookie", async () => {
    const given = {
      ...headers,
      origin: "https://chat.example",
      "user-agent": "Browser/1",
      "cf-connecting-ip": "203.0.113.7",
    };
    await visit("/", "/", { ...given, "x-other": "1" });
    const request = apiRequests[0];
    expect(new URL(request?.url ?? "").origin).toBe("https://chat.example");
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject(given);
    expect(request?.headers.has("x-other")).toBe(false);
  });

  test("cookies of the API's response are set with the page", async () => {
    apiAnswer.cookies = ["session=new; Path=/; HttpOnly", "other=1; Path=/"];
    const { response } = await visit("/", "/", headers);
    expect(response.headers.getSetCookie()).toEqual(apiAnswer.cookies);
  });

  test("cookies of the API's response are set with a redirect", async () => {
    apiAnswer = { viewer: null, cookies: ["session=; Max-Age=0"] };
    const { response, location } = await visit("/", "/", headers);
    expect(location).toBe("/login");
    expect(response.headers.getSetCookie()).toEqual(["session=; Max-Age=0"]);
  });
});

describe("headers of a page", () => {
  async function headersFor(url: string): Promise<Headers> {
    const context = createLoadContext({ api: { fetch: fetchApi }, timeZone: undefined });
    const request = new Request(url);
    const args = { request, url: new URL(url), pattern: "/", context, params: {} };
    const response = await documentMiddleware(args, async () => new Response("page"));
    if (!(response instanceof Response)) throw new Error("no response");
    return response.headers;
  }

  test("scripts need a nonce that no other response has", async () => {
    const nonces = new Set<string | undefined>();
    for (let i = 0; i < 3; i += 1) {
      const policy = (await headersFor("https://chat.example/")).get("content-security-policy");
      const scripts = policy?.split("; ").find((directive) => directive.startsWith("script-src"));
      expect(scripts).not.toContain("unsafe-inline");
      nonces.add(/'nonce-([^']{20,})'/.exec(scripts ?? "")?.[1]);
    }
    expect(nonces.size).toBe(3);
    expect(nonces).not.toContain(undefined);
  });

  test("pages are not cached, framed or sniffed", async () => {
    const headers = await headersFor("https://chat.example/");
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("only responses over HTTPS require HTTPS", async () => {
    const name = "strict-transport-security";
    expect((await headersFor("https://chat.example/")).has(name)).toBe(true);
    expect((await headersFor("http://localhost:5173/")).has(name)).toBe(false);
  });
});

test("when the API does not respond, the error page has a request id that is in the log", async () => {
  const logged: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  fetchApi = async () => {
    throw new Error("connection refused");
  };
  const failure = await visit("/", "/", { cookie: "session=abc" }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ init: { status: 502 }, data: { text: expect.any(String) } });
  const { requestId } = (failure as { data: { requestId: string } }).data;
  expect(JSON.parse(logged[0] ?? "")).toMatchObject({
    requestId,
    event: "pages.load_failed",
    pathname: "/",
  });
});
