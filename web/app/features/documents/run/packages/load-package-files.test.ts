import { createHash } from "node:crypto";
import { version } from "pyodide/package.json";
import { afterEach, expect, test, vi } from "vitest";
import { runLimits } from "../run-limits.ts";
import { loadPackageFiles } from "./load-package-files.ts";

afterEach(() => vi.unstubAllGlobals());

const leaves = new TextEncoder().encode("leaves");
const sha256 = createHash("sha256").update(leaves).digest("hex");
const fileOf = (name: string) => ({ name, sha256 });
const until = () => new AbortController().signal;

/** Answers requests in the server's place. @returns the requests */
function answer(respond: (url: string, init: RequestInit) => Response | Promise<Response>) {
  const fetch = vi.fn(async (url: string, init: RequestInit) => respond(url, init));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

test("files come from this site, without a session", async () => {
  const fetch = answer(() => new Response(leaves));
  const loaded = await loadPackageFiles([fileOf("tea.whl"), fileOf("cup.whl")], until());
  expect(loaded).toEqual([
    { name: "tea.whl", bytes: leaves },
    { name: "cup.whl", bytes: leaves },
  ]);
  expect(fetch.mock.calls.map(([url]) => url)).toEqual([
    `/run/packages/${version}/tea.whl`,
    `/run/packages/${version}/cup.whl`,
  ]);
  expect(fetch.mock.calls.map(([, { credentials }]) => credentials)).toEqual(["omit", "omit"]);
});

test("each file says why it is not there, and the others come", async () => {
  answer((url) => {
    if (url.endsWith("/missing.whl")) return new Response("", { status: 404 });
    if (url.endsWith("/busy.whl")) return new Response("", { status: 429 });
    if (url.endsWith("/offline.whl")) throw new TypeError("Failed to fetch");
    return new Response(leaves);
  });
  const names = ["missing.whl", "busy.whl", "offline.whl", "tea.whl"];
  expect(await loadPackageFiles(names.map(fileOf), until())).toEqual([
    { name: "missing.whl", problem: "missing" },
    { name: "busy.whl", problem: "failed" },
    { name: "offline.whl", problem: "failed" },
    { name: "tea.whl", bytes: leaves },
  ]);
});

test("a file with another hash is asked for anew, past what the browser keeps, and then refused", async () => {
  let kept = true;
  answer((_, { cache }) => new Response(kept && cache !== "reload" ? "dust" : leaves));
  const [replaced] = await loadPackageFiles([fileOf("tea.whl")], until());
  expect(replaced).toEqual({ name: "tea.whl", bytes: leaves });
  kept = false;
  const fetch = answer(() => new Response("dust"));
  const [damaged] = await loadPackageFiles([fileOf("tea.whl")], until());
  expect(damaged).toEqual({ name: "tea.whl", problem: "damaged" });
  expect(fetch.mock.calls.map(([, { cache }]) => cache)).toEqual(["default", "reload"]);
});

test("what is too much is not read on, together with the other files", async () => {
  const chunk = new Uint8Array(10_000_000);
  let sent = 0;
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk.slice());
      },
    });
  answer(() => new Response(endless()));
  expect(await loadPackageFiles([fileOf("a.whl"), fileOf("b.whl")], until())).toEqual([
    { name: "a.whl", problem: "too-large" },
    { name: "b.whl", problem: "too-large" },
  ]);
  // Each stream may have made a few chunks ahead.
  expect(sent).toBeLessThan(2 * runLimits.packagesMaxBytes);
});

test("a run that has ended gets nothing", async () => {
  const ending = new AbortController();
  answer((_, { signal }) => {
    ending.abort();
    signal?.throwIfAborted();
    return new Response(leaves);
  });
  await expect(loadPackageFiles([fileOf("tea.whl")], ending.signal)).rejects.toThrow(/abort/i);
});
