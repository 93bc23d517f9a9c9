/** Attack: the worker is made to call a server that is not on its list, or to read without end. */
import { afterEach, expect, test, vi } from "vitest";
import { refuseDownloads } from "../ai/downloads.ts";
import { resolveModel } from "../ai/models.ts";
import { findWeather } from "../ai/tools/weather.ts";
import { OutboundRefusal, outboundFetch, servicesOf } from "./outbound.ts";

afterEach(() => vi.unstubAllGlobals());

/** Answers every request, and records its address. */
function listen(answer: (address: string) => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    let address = input instanceof Request ? input.url : String(input);
    asked.push(address);
    let response = answer(address);
    // Like the platform's fetch, it follows redirects unless it is told not to.
    for (
      let next = response.headers.get("location");
      next && init?.redirect !== "manual";
      next = response.headers.get("location")
    ) {
      address = next;
      asked.push(address);
      response = answer(address);
    }
    return response;
  });
  return asked;
}

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://api.open-meteo.com/v1/forecast",
  "https://api.open-meteo.com:8443/",
  "https://api.open-meteo.com.evil.example/",
  "https://api.open-meteo.com@evil.example/",
  "https://user@evil.example#https://api.open-meteo.com/",
  "/files/secret",
  "data:text/plain,hello",
  "",
])("a server that is not on the list is not called: %s", async (address) => {
  const asked = listen(() => new Response("secret"));
  const { weather } = servicesOf({});
  await expect(weather.fetch(address)).rejects.toThrow(OutboundRefusal);
  expect(asked).toEqual([]);
});

test("each service reaches its own servers only", async () => {
  const asked = listen(() => new Response("ok"));
  const { ai, weather } = servicesOf({});
  await weather.fetch("https://api.open-meteo.com/v1/forecast");
  await weather.fetch("https://geocoding-api.open-meteo.com/v1/search");
  await ai.fetch("https://generativelanguage.googleapis.com/v1beta/models");
  expect(asked).toHaveLength(3);
  await expect(ai.fetch("https://api.open-meteo.com/")).rejects.toThrow(OutboundRefusal);
  await expect(weather.fetch("https://generativelanguage.googleapis.com/")).rejects.toThrow();
  expect(asked).toHaveLength(3);
});

test("the weather tool follows no redirect", async () => {
  const asked = listen((address) =>
    address.startsWith("https://geocoding-api.open-meteo.com/")
      ? new Response(null, { status: 302, headers: { location: "http://127.0.0.1/secret" } })
      : Response.json({ results: [] }),
  );
  const { weather } = servicesOf({});
  await expect(findWeather(weather, "Oslo", undefined)).rejects.toThrow(/can’t be reached/);
  expect(asked).toHaveLength(1);
});

test("the weather tool stops reading a response without end", async () => {
  let sent = 0;
  listen(
    () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 64 * 1024;
            // So that the test ends where nothing bounds the response.
            if (sent > 8 * 1024 * 1024) controller.close();
            else controller.enqueue(new Uint8Array(64 * 1024).fill(32));
          },
        }),
      ),
  );
  const { weather } = servicesOf({});
  await expect(findWeather(weather, "Oslo", undefined)).rejects.toThrow(/can’t be reached/);
  expect(sent).toBeLessThan(1024 * 1024);
});

test("a response that fits is passed on whole", async () => {
  listen(() => new Response("x".repeat(10), { status: 503, headers: { "x-id": "1" } }));
  const response = await outboundFetch(["https://a.example/path"], 10)("https://a.example/b");
  expect([response.status, response.headers.get("x-id"), await response.text()]).toEqual([
    503,
    "1",
    "xxxxxxxxxx",
  ]);
});

test("Gemini is called by the list's fetch", async () => {
  const asked = listen(() => new Response(null, { status: 500 }));
  const settings = { GOOGLE_GENERATIVE_AI_API_KEY: "key" };
  const { ai } = servicesOf(settings);
  const model = resolveModel({ ...ai, fetch: outboundFetch([], 1) })?.languageModel;
  if (typeof model !== "object" || !("doGenerate" in model)) throw new Error("It is no model.");
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }];
  await expect(model.doGenerate({ prompt })).rejects.toThrow();
  expect(asked).toEqual([]);
});

test("a model call downloads nothing, and has the provider download nothing", async () => {
  const url = new URL("https://files.example/a.png");
  await expect(refuseDownloads([{ url, isUrlSupportedByModel: true }])).rejects.toThrow(/never/);
  await expect(refuseDownloads([{ url, isUrlSupportedByModel: false }])).rejects.toThrow(/never/);
  expect(await refuseDownloads([])).toEqual([]);
});

test("nothing else in the worker calls fetch", () => {
  const sources = import.meta.glob(["../**/*.ts", "!../**/*.test.ts"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const callers = Object.entries(sources)
    // Calls of the global function, and not methods that are called or declared.
    .filter(([, source]) => /(?<![\w.#])fetch\((?!request\b)|globalThis\.fetch\(/.test(source))
    .map(([path]) => path);
  expect(callers).toEqual(["./outbound.ts"]);
});
