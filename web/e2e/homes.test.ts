import { randomUUID } from "node:crypto";
import { globSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { bundleWebWorker } from "../../scripts/lib/build.ts";
import { requestMark, tripMark } from "../../scripts/lib/far-database.ts";
import { fromRoot } from "../../scripts/lib/paths.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { type Stack, startStack } from "../../scripts/lib/stack.ts";
import { storageDir } from "../../scripts/lib/wrangler.ts";
import { type ApiUser, chatToImport, signUpByApi } from "./support/api.ts";

// Without a browser: what the web app's two homes answer, and what a page waits for. In the stacks of
// this file every call of a database takes a while, so that calls which follow one another can be told
// from those side by side, and the text of a document cannot be read.

const directory = mkdtempSync(join(tmpdir(), "e2e-homes-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Makes a document's page fail, without a change to what other pages read. */
function breakDocuments(stateDir: string): void {
  const files = globSync("d1/**/*.sqlite", { cwd: storageDir(stateDir) });
  for (const file of files) {
    const database = new DatabaseSync(join(storageDir(stateDir), file));
    const query = "SELECT 1 FROM sqlite_master WHERE name = 'documentVersions'";
    if (database.prepare(query).get()) {
      database.exec("ALTER TABLE documentVersions RENAME TO lostVersions");
    }
    database.close();
  }
}

/**
 * Counts calls of databases that follow one another. Those that are on their way at the same time take
 * as long as one.
 */
function countTrips(output: readonly string[]): number {
  const begun: number[] = [];
  let longest = 0;
  for (const line of output) {
    if (line === `${tripMark} begins`) begun.push(longest + 1);
    if (line === `${tripMark} ends`) longest = Math.max(longest, begun.shift() ?? 0);
  }
  return longest;
}

test("calls that follow one another are counted, and those side by side once", () => {
  const [begins, ends] = [`${tripMark} begins`, `${tripMark} ends`];
  expect(countTrips([begins, ends, begins, "else", begins, ends, ends])).toBe(2);
  expect(countTrips([begins, ends, begins, ends, begins, ends])).toBe(3);
});

describe.each(["Pages", "Workers"])("on %s", (home) => {
  const lines: string[] = [];
  let stack: Stack;
  let user: ApiUser;
  let chatId: string;

  beforeAll(async () => {
    const webWorker = home === "Workers" && (await bundleWebWorker(join(directory, "web-worker")));
    stack = await startStack({
      port: await findFreePort(),
      stateDir: join(directory, home),
      copyOf: inject("emptyStorage"),
      fill: async (stateDir) => breakDocuments(stateDir),
      build: { ...inject("build"), ...(webWorker && { webWorker }) },
      // So long that calls which begin together are all on their way before the first one returns.
      databaseTripMs: 40,
      withoutRateLimits: true,
      onLine: (line) => lines.push(line),
    });
    user = await signUpByApi(stack.url);
    const { imported } = await user.change<{ imported: { chatId: string }[] }>(
      "chats.import",
      chatToImport(20),
    );
    chatId = imported[0]?.chatId ?? "";
  });
  afterAll(() => stack?.stop());

  function ask(path: string, { headers = {}, ...init }: RequestInit = {}): Promise<Response> {
    return fetch(stack.url + path, {
      redirect: "manual",
      headers: { cookie: user.cookie, ...headers },
      ...init,
    });
  }

  /** Does something, and returns the lines that the servers wrote meanwhile. */
  async function linesOf(act: () => Promise<unknown>): Promise<string[]> {
    lines.length = 0;
    await act();
    // The line of a later request comes after all others.
    const mark = `/trpc/${randomUUID()}`;
    await (await fetch(stack.url + mark)).text();
    await vi.waitFor(() => expect(lines).toContain(`${requestMark} ${mark}`));
    return lines.slice(0, lines.indexOf(`${requestMark} ${mark}`));
  }

  test.each([
    ["a new chat", () => "/", "New chat"],
    ["a chat", () => `/chat/${chatId}`, "This is message 20."],
    ["the documents", () => "/documents", "Documents"],
    ["the sessions", () => "/settings/security", "Active now"],
  ])(
    "the page of %s makes one request of the API, and two round trips to the database",
    async (_, path, content) => {
      let html = "";
      const output = await linesOf(async () => {
        html = await (await ask(path())).text();
      });
      expect(html).toContain(content);
      // The list of chats arrives with each page.
      expect(html).toContain("Far away");
      const requests = output.filter((line) => line.startsWith(requestMark));
      expect([requests.length, countTrips(output)]).toEqual([1, 2]);
    },
  );

  test("the login page makes one round trip to the database at most", async () => {
    const output = await linesOf(async () => {
      const response = await ask("/login", { headers: { cookie: "" } });
      expect(await response.text()).toContain("Password");
    });
    expect(countTrips(output)).toBeLessThanOrEqual(1);
  });

  test("a session that has ended leads to the login, with nothing of its user", async () => {
    const other = await signUpByApi(stack.url);
    await other.change("chats.import", chatToImport(2));
    await other.change("auth.sessions.revokeAll", undefined);
    const response = await ask("/", { headers: { cookie: other.cookie } });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/login"]);
    expect(await response.text()).toBe("");
  });

  test("pages have a policy with a nonce of their own, and are kept by no cache", async () => {
    const response = await ask("/login", { headers: { cookie: "" } });
    const [, nonce] = /'nonce-([^']+)'/.exec(
      response.headers.get("content-security-policy") ?? "",
    ) ?? [null, "none"];
    expect(await response.text()).toContain(`nonce="${nonce}"`);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-request-id")).not.toBeNull();
  });

  test("static files come from the platform, with their headers and without the server", async () => {
    const [script = ""] = readdirSync(fromRoot("web/build/client/assets")).filter((name) =>
      name.endsWith(".js"),
    );
    const output = await linesOf(async () => {
      const asset = await ask(`/assets/${script}`);
      expect(asset.status).toBe(200);
      expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(asset.headers.get("content-type")).toContain("javascript");
      await asset.text();
      const robots = await ask("/robots.txt");
      expect(robots.status).toBe(200);
      expect(robots.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      await robots.text();
      const missing = await ask("/assets/missing-0.js");
      expect(missing.status).toBe(404);
      await missing.text();
    });
    expect(output.filter((line) => line.startsWith(requestMark))).toEqual([]);
    for (const path of ["/_headers", "/_routes.json"]) {
      const response = await ask(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).toContain("<html");
    }
  });

  test("an unknown address has a page of its own, and Python’s frame is there", async () => {
    const response = await ask("/nowhere");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("<html");
    const frame = await ask("/run/python");
    expect(frame.headers.get("content-security-policy")).toContain("sandbox allow-scripts");
    expect(await (await ask("/version")).json()).toEqual({ version: expect.any(String) });
  });

  test("the API is behind the same address, and streams", async () => {
    const me = await ask("/trpc/auth.me");
    expect((await me.json()).result.data).toMatchObject({ isGuest: false });
    const file = await ask("/files/none");
    expect((await file.json()).error.data).toMatchObject({ httpStatus: 404 });
    expect(await (await ask("/v1/health")).json()).toMatchObject({ status: "ok" });
    const abort = new AbortController();
    const watch = await ask("/trpc/chats.watch", { signal: abort.signal });
    // The subscription stays open: only a response that streams has a first piece.
    const first = await watch.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).not.toBe("");
    abort.abort();
  });

  test("a form of another site is refused", async () => {
    const headers = { origin: "https://evil.example" };
    const body = new URLSearchParams({ email: "a" });
    const response = await ask("/logout", { method: "POST", headers, body });
    expect(response.status).toBe(403);
    expect((await (await ask("/trpc/auth.me")).json()).result.data).not.toBeNull();
  });

  test("a page that fails is in the worker’s log, under the id that it shows", async () => {
    const id = randomUUID();
    let page = new Response();
    const output = await linesOf(async () => {
      page = await ask(`/documents/${id}`);
      expect(page.status).toBe(500);
      await page.text();
      await vi.waitFor(() => expect(lines.join("\n")).toContain("pages.failure_reported"));
    });
    const line = output.find((text) => text.includes("pages.failure_reported")) ?? "";
    expect(JSON.parse(line.slice(line.indexOf("{")))).toMatchObject({
      level: "error",
      failure: "pages.load_failed",
      requestId: page.headers.get("x-request-id"),
      pathname: `/documents/${id}`,
    });
  });

  test("no one outside can write such a line, whatever host a request names", async () => {
    const report = {
      event: "pages.load_failed",
      ...{ requestId: randomUUID(), pathname: "/", detail: "forged", dropped: 0 },
    };
    const output = await linesOf(async () => {
      for (const host of ["localhost", "page-server.internal"]) {
        for (const path of ["/failures", "/trpc/failures", "/v1/failures", "/trpc/../failures"]) {
          expect(await post(path, host, JSON.stringify(report))).toBeGreaterThanOrEqual(400);
        }
      }
    });
    expect(output.join("\n")).not.toContain("forged");
  });

  /** Sends a request with a host of its own, which `fetch` cannot. @returns the status */
  function post(path: string, host: string, body: string): Promise<number> {
    const headers = { host, "content-type": "application/json" };
    const { port } = new URL(stack.url);
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port, path, method: "POST", headers };
      const sent = httpRequest(options, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
});
