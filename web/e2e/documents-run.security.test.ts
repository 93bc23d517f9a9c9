import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, onTestFinished } from "vitest";
import { findBrowser } from "../../scripts/lib/browser.ts";
import { readPackageList } from "../../scripts/lib/python-packages.ts";
import { ask, gotoAlive, questions, signUp, waitForAnswer } from "./support/chat.ts";
import { createDocument } from "./support/documents.ts";
import { wheelName, withTea } from "./support/python-wheel.ts";
import { launch, networkProblem, test } from "./support/test.ts";
import { pageWays, workerWays } from "./support/ways-out.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 40_000 };

const pane = (page: Page) => page.getByRole("region", { name: "Run" });
const consoleText = (page: Page) => pane(page).getByRole("log").innerText();
const status = (page: Page) => pane(page).getByRole("status");

/** Opens new code with this content, on a page of its own. */
async function openCode(page: Page, language: string, content: string): Promise<void> {
  const code = { kind: "code", title: "A program", language, content } as const;
  await gotoAlive(page, `/documents/${await createDocument(page, code)}`);
  await page.getByRole("textbox", { name: "Content" }).waitFor();
}

/** Replaces the code on the page, and runs it. */
async function runNext(page: Page, content: string): Promise<void> {
  await page.getByRole("textbox", { name: "Content" }).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(content);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

/** Waits until a run has ended. @returns what its console shows */
async function finished(page: Page, ending: RegExp): Promise<string> {
  await expect.poll(() => status(page).innerText(), patience).toMatch(ending);
  return consoleText(page);
}

const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

/** A server of someone else. Counts what reaches it. */
let foreign: { readonly server: Server; readonly url: string };
const reached: string[] = [];

beforeAll(async () => {
  const server = createServer((request, response) => {
    reached.push(request.url ?? "");
    response.setHeader("access-control-allow-origin", "*");
    response.end("reached");
  });
  // Counts connections too, which alone can tell something.
  server.on("connection", () => reached.push("connection"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  foreign = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

afterAll(() => {
  foreign.server.closeAllConnections();
  foreign.server.close();
});

test("Python runs with packages and is stopped, and loads from this site alone", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem, /Content Security Policy|violates/);
  const { page, context } = await visit({ baseURL });
  // The list has a package more than Pyodide's own.
  await context.route("**/pyodide-lock.json", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: withTea(await response.json()) });
  });
  await signUp(page);
  const origins = new Set<string>();
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http")) origins.add(origin);
  });
  // A request of ours that the frame's policy lets pass comes here.
  await context.route(/\?out$/, (route) => {
    reached.push(route.request().url());
    return route.abort();
  });
  const { version } = readPackageList();
  const others = [
    `${foreign.url}/python`,
    `${baseURL}/trpc/auth.me?out`,
    `${baseURL}/?out`,
    `${baseURL}/pyodide/${version}/../../?out`,
    `${baseURL}/run/packages/${version}/${wheelName}?out`,
  ];
  await openCode(
    page,
    "python",
    [
      "import asyncio, base64, statistics, sys, urllib.request",
      "import js",
      "import tea",
      "print(tea.brew(2))",
      'print("größer", end=" ")',
      'print("than", 2**70)',
      'print("careful", file=sys.stderr)',
      "await asyncio.sleep(0)",
      `for address in ${JSON.stringify(others)}:`,
      "    try:",
      "        await js.fetch(address)",
      '        print("REACHED", address)',
      "    except BaseException as error:",
      '        print("refused", address)',
      "try:",
      `    urllib.request.urlopen("${foreign.url}/urllib")`,
      '    print("REACHED by urllib")',
      "except BaseException as error:",
      '    print("refused urllib")',
      'print(js.origin, hasattr(js, "document"), hasattr(js, "localStorage"))',
      "class Picture:",
      "    def _repr_png_(self):",
      `        return base64.b64decode("${onePixel}")`,
      "# In the place of matplotlib, which is not there.",
      "import types",
      'plot = types.ModuleType("matplotlib.pyplot")',
      "class Figure:",
      "    def savefig(self, file, format, bbox_inches):",
      "        file.write(Picture()._repr_png_())",
      "plot.get_fignums = lambda: [1]",
      "plot.figure = lambda number: Figure()",
      'plot.close = lambda which: print("closed", which)',
      'sys.modules["matplotlib.pyplot"] = plot',
      "Picture()",
    ].join("\n"),
  );
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const output = await finished(page, /^Done after/);
  expect(output).toContain("größer than 1180591620717411303424");
  expect(await pane(page).locator("[data-stream=stderr]").innerText()).toBe("careful\n");
  const picture = pane(page).getByRole("img", { name: "Made by the run" });
  const widths = (images: (Element & { naturalWidth?: number })[]) =>
    images.map(({ naturalWidth }) => naturalWidth);
  await expect.poll(() => picture.evaluateAll(widths)).toEqual([1, 1]);
  expect(output).not.toContain("REACHED");
  expect(output).toContain("2 cups of tea");
  expect(output.match(/^refused /gm)?.length).toBe(others.length + 1);
  expect(output).toContain("null False False");
  expect(reached).toEqual([]);
  expect([...origins].filter((origin) => origin !== foreign.url)).toEqual([
    new URL(baseURL).origin,
  ]);

  await runNext(page, "import tea, numpy");
  expect(await finished(page, /^Failed/)).toMatch(
    /ModuleNotFoundError: No module named 'numpy'\s+The package numpy isn’t installed on this site\. The site’s operator can add it with `pnpm python:packages`: numpy-[\w.-]+\.whl\./,
  );

  // Nothing but the end of its worker ends this.
  await runNext(
    page,
    'print("begun")\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass',
  );
  await expect.poll(() => consoleText(page), patience).toContain("begun");
  expect(page.workers().length).toBe(1);
  await pane(page).getByRole("button", { name: "Stop", exact: true }).click();
  await expect.poll(() => status(page).innerText()).toMatch(/^Stopped after/);
  expect(page.frames().length).toBe(1);
  await expect.poll(() => page.workers().length).toBe(0);
});

test("JavaScript runs, is stopped, and reaches nothing of ours", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem, /Content Security Policy|violates|sandboxed/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await openCode(page, "javascript", "");
  await runNext(
    page,
    'console.log("one", { two: [3, "four"] });\nconsole.error("careful");\nsetTimeout(() => console.log("later"), 30);\n[1, 2].map((n) => n * 2)',
  );
  const output = await finished(page, /^Done/);
  expect(output).toMatch(/^one \{two: \[3, "four"\]\}\s+careful\s+\[2, 4\]\s+later\s*$/);

  await runNext(page, "function half(x) {\n  return x.y.z;\n}\nhalf({});");
  expect(await finished(page, /^Failed/)).toMatch(
    /TypeError: Cannot read properties of undefined[^\n]*\s+at half, line 2:\d+\n {4}at line 4/,
  );
  // Alone on its page, a document has no model to ask.
  expect(await pane(page).getByRole("button", { name: "Fix this" }).count()).toBe(0);
  await runNext(page, 'import x from "lodash";\nx();');
  expect(await finished(page, /^Failed/)).toContain("Packages cannot be imported in a run.");

  const ways = workerWays.map((way) => `() => ${way}`).join(",\n");
  await runNext(
    page,
    `const FOREIGN = "${foreign.url}";
const SITE = "${baseURL}";
for (const [index, way] of [${ways}].entries()) {
  try {
    const got = await Promise.race([way(), new Promise((ok, no) => setTimeout(() => no("silence"), 1500))]);
    console.log("REACHED", index, String(got).slice(0, 80));
  } catch (error) {
    console.log("refused", index);
  }
}
console.log("origin", origin);`,
  );
  const attempts = await finished(page, /^Done/);
  expect(attempts).not.toContain("REACHED");
  expect(attempts.match(/^refused/gm)?.length).toBe(workerWays.length);
  expect(attempts).toContain("origin null");
  expect(reached).toEqual([]);

  await runNext(page, "for (let n = 1; ; n += 1) console.log(n);");
  const printed = await finished(page, /wrote more than 200,000 characters, 5,000 lines/);
  expect(printed).toMatch(/^1\n2\n3\n/);
  expect(printed.trim().split("\n").length).toBe(5_001);
  // What floods the frame without keeping to the worker's own bounds is ended too.
  await runNext(page, 'for (;;) self.postMessage({ type: "text", text: "x" });');
  const flood = await finished(page, /wrote more than/);
  expect(flood.length).toBeLessThanOrEqual(200_000);

  await runNext(page, "for (;;) { try { throw 1; } catch {} }");
  await page.getByRole("button", { name: "Stop the run" }).click();
  await expect.poll(() => status(page).innerText()).toMatch(/^Stopped/);
  await expect.poll(() => page.workers().length).toBe(0);
  expect(page.frames().length).toBe(1);
});

test("HTML is shown, and reaches nothing of ours", async ({ visit, expectedProblems }) => {
  expectedProblems.push(
    networkProblem,
    /Content Security Policy|violates|sandbox|Blocked|Unsafe attempt|SecurityError|CORS|permission/i,
  );
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  await openCode(page, "html", "");
  const ways = pageWays.map((way) => `async () => { ${way} }`).join(",\n");
  await runNext(
    page,
    `<!doctype html><title>Mine</title><h1>Hello</h1><style>h1 { color: rgb(1, 2, 3) }</style><script>
const FOREIGN = "${foreign.url}";
const wait = () => new Promise((ok) => setTimeout(ok, 300));
const load = (name, attribute, value, more = {}) => new Promise((ok, no) => {
  const element = Object.assign(document.createElement(name), more);
  element.onload = ok;
  element.onerror = no;
  element[attribute] = value;
  document.body.append(element);
  setTimeout(() => no("silence"), 800);
});
(async () => {
  for (const [index, way] of [${ways}].entries()) {
    try {
      console.log("REACHED", index, String(await way()).slice(0, 80));
    } catch {
      console.log("refused", index);
    }
  }
  console.log("origin", origin);
})();
</script>`,
  );
  const frame = page.frameLocator('iframe[title="Page"]');
  await frame.getByRole("heading", { name: "Hello" }).waitFor();
  const color = await frame.locator("h1").evaluate((element) => getComputedStyle(element).color);
  expect(color).toBe("rgb(1, 2, 3)");
  await expect.poll(() => consoleText(page), patience).toContain("origin null");
  const attempts = await consoleText(page);
  expect(attempts).not.toContain("REACHED");
  expect(attempts).not.toContain("FORGED");
  expect(attempts.match(/^refused/gm)?.length).toBe(pageWays.length);
  expect(attempts).toContain("Runs have no access to the network.");
  expect(reached).toEqual([]);
  expect(page.url()).toContain("/documents/");
  expect(context.pages().length).toBe(1);

  // A frame that leaves its page arrives nowhere.
  await runNext(page, `<p>Gone</p><script>location = "${foreign.url}/away?secret";</script>`);
  await expect.poll(() => page.frames().length).toBe(2);
  await runNext(page, '<p>Back</p><script>location = "/settings/security";</script>');
  await expect.poll(() => page.frames().length).toBe(2);

  await runNext(page, "<p>Stuck</p><script>throw new TypeError('broken');</script>");
  await expect.poll(() => consoleText(page), patience).toContain("TypeError: broken");
  expect(reached).toEqual([]);
});

test("a page that never ends is stopped, where the browser gives its frame a process", async () => {
  // As a desktop's Chromium does, unlike the one without a window.
  const browser = await launch(findBrowser() ?? "", ["--site-per-process"]);
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext({ baseURL })).newPage();
  await signUp(page);
  await openCode(page, "html", "<p>Busy</p><script>console.log('busy'); for (;;);</script>");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect.poll(() => consoleText(page), patience).toContain("busy");
  await pane(page).getByRole("button", { name: "Stop", exact: true }).click();
  await expect.poll(() => status(page).innerText()).toMatch(/^Stopped/);
  expect(await pane(page).locator("iframe").count()).toBe(0);
});

test("a frame has no origin of ours when it is opened as a page, and serves no other site", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/frame-ancestors|Framing/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  for (const language of ["python", "javascript", "html"]) {
    await page.goto(`/run/${language}`);
    const found = await page.evaluate(() => {
      try {
        return document.cookie + localStorage.length;
      } catch {
        return `refused, ${origin}`;
      }
    });
    expect(found).toBe("refused, null");
  }
  // Another site frames it, or opens it, and hands it code.
  await page.goto(`${foreign.url}/page`);
  reached.length = 0;
  const hasRun = await page.evaluate(async (address) => {
    const code = "console.log(1)";
    const answers: unknown[] = [];
    const hand = (target: Window | null) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => answers.push(data);
      target?.postMessage({ source: code }, "*", [port2]);
    };
    const frame = document.createElement("iframe");
    frame.src = address;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.append(frame);
    await loaded;
    hand(frame.contentWindow);
    const opened = open(address);
    // The window loads at some time within this.
    for (let tries = 0; tries < 10; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      hand(opened);
    }
    return answers.length > 0;
  }, new URL("/run/javascript", baseURL).href);
  expect(hasRun).toBe(false);
});

test("an error of Python becomes one press that asks the model", async ({
  visit,
  expectedProblems,
}) => {
  // By this status the page learns that numpy is not on the site.
  expectedProblems.push(/status of 404 \(Not Found\) \S+\/run\/packages\/\S+\/numpy-/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "write code that prints squares");
  await waitForAnswer(page, "complete");
  const panel = page.locator("[data-panel^=document]");
  await panel.getByRole("textbox", { name: "Content" }).click();
  await page.keyboard.press("Control+A");
  // A package that is not there, and an error in a function, are told in the code's own lines.
  await page.keyboard.insertText(
    [
      "try:",
      "    import numpy",
      "except ModuleNotFoundError:",
      '    print("no numpy")',
      "def half(x):",
      "    return undefined_name / x",
      "half(0)",
    ].join("\n"),
  );
  await panel.getByRole("button", { name: "Run", exact: true }).click();
  const output = await finished(page, /^Failed/);
  expect(output).toContain("no numpy");
  expect(output).toContain('File "main.py", line 6, in half');
  expect(output).toMatch(/NameError: name 'undefined_name'[^\n]*\s*$/);
  expect(output).not.toContain("_pyodide");
  await pane(page).getByRole("button", { name: "Fix this" }).click();
  await expect
    .poll(() => questions(page).last().innerText())
    .toMatch(/^Fix “[^”]+”\. Running it failed with this error:\n.*NameError/s);
  await waitForAnswer(page, "complete");
});
