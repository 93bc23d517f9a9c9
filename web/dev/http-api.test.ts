import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createApi } from "./http-api.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Starts a fake worker, and returns the API that reaches it. */
async function startApi(listener: RequestListener) {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return createApi((started.address() as AddressInfo).port);
}

test("the worker gets the page's own host, and the body", async () => {
  const api = await startApi(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    res.end(JSON.stringify({ host: req.headers.host, url: req.url, method: req.method, body }));
  });
  const response = await api.fetch(
    new Request("http://chat.example:5173/trpc/a?b=1", { method: "POST", body: "hello" }),
  );
  expect(await response.json()).toEqual({
    host: "chat.example:5173",
    url: "/trpc/a?b=1",
    method: "POST",
    body: "hello",
  });
});

test("every cookie and the status are returned", async () => {
  const api = await startApi((_req, res) => {
    res.writeHead(429, { "set-cookie": ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"] });
    res.end();
  });
  const response = await api.fetch(new Request("http://localhost/"));
  expect(response.status).toBe(429);
  expect(response.headers.getSetCookie()).toEqual([
    "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
    "b=2",
  ]);
});

test("a response streams piece by piece, and the worker notices that the reader left", async () => {
  const left = Promise.withResolvers<void>();
  const api = await startApi((_req, res) => {
    res.write("first");
    res.on("close", () => left.resolve());
  });
  const reader = new AbortController();
  const request = new Request("http://localhost/", { signal: reader.signal });
  const body = (await api.fetch(request)).body?.getReader();
  // The fake worker sends only the first piece, so waiting for the whole response would hang here.
  expect(new TextDecoder().decode((await body?.read())?.value)).toBe("first");
  reader.abort();
  await left.promise;
});

test("the error names a worker that is not running", async () => {
  const api = await startApi(() => {});
  await new Promise((resolve) => server?.close(resolve));
  await expect(api.fetch(new Request("http://localhost/"))).rejects.toThrow(
    /API worker does not answer at 127\.0\.0\.1:\d+/,
  );
});
