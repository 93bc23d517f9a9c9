import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig, type Flags } from "lighthouse";
import { browserArguments, ensureBrowser } from "./lib/browser.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { findFreePort } from "./lib/ports.ts";
import { startStack } from "./lib/stack.ts";

// Prints Lighthouse's scores of every page of the production build, on a desktop and on a phone.
// Performance depends on the machine, so no test checks it.

await runScript(async () => {
  const chromePath = ensureBrowser();
  const stateDir = mkdtempSync(join(tmpdir(), "lighthouse-"));
  const stack = await startStack({ port: await findFreePort(), stateDir });
  const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", ...browserArguments] });
  try {
    const cookie = await signUp(stack.url);
    const chatId = await askSomething(stack.url, cookie);
    const pages = [
      { path: "/login" },
      { path: "/signup" },
      { path: "/", cookie },
      { path: `/chat/${chatId}`, cookie },
      { path: "/nowhere", cookie },
    ];
    console.log(
      "page                                          form     accessibility  performance",
    );
    for (const page of pages) {
      for (const form of ["desktop", "mobile"] as const) {
        const scores = await judge(`${stack.url}${page.path}`, form, chrome.port, page.cookie);
        console.log(
          `${page.path.padEnd(46)}${form.padEnd(9)}${String(scores.accessibility).padStart(13)}${String(scores.performance).padStart(13)}`,
        );
        for (const finding of scores.findings) console.log(`    ${finding}`);
      }
    }
  } finally {
    chrome.kill();
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});

interface Scores {
  /** 0 to 100. */
  readonly accessibility: number;
  readonly performance: number;
  /** Accessibility audits that the page failed. */
  readonly findings: readonly string[];
}

async function judge(
  url: string,
  form: "desktop" | "mobile",
  port: number,
  cookie: string | undefined,
): Promise<Scores> {
  const options: Flags = {
    port,
    logLevel: "error",
    onlyCategories: ["accessibility", "performance"],
    ignoreStatusCode: true,
    ...(cookie && { extraHeaders: { cookie } }),
  };
  const config = form === "desktop" ? desktopConfig : undefined;
  let result = await lighthouse(url, options, config);
  // Lighthouse sometimes misses the start of a load and asks to be run again.
  if (result?.lhr.runtimeError) result = await lighthouse(url, options, config);
  if (!result || result.lhr.runtimeError) {
    throw new ScriptError(`${url} could not be audited: ${result?.lhr.runtimeError?.message}`);
  }
  const { categories, audits } = result.lhr;
  const score = (category: string) => Math.round((categories[category]?.score ?? 0) * 100);
  const findings = (categories.accessibility?.auditRefs ?? [])
    .filter(({ id, weight }) => weight > 0 && audits[id]?.score === 0)
    .map(({ id }) => `${id}: ${audits[id]?.title}`);
  return { accessibility: score("accessibility"), performance: score("performance"), findings };
}

/** @returns the session cookie of a new account */
async function signUp(url: string): Promise<string> {
  const response = await call(url, "auth.signUp", {
    email: `${randomUUID()}@example.com`,
    password: "correct horse battery",
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new ScriptError("The sign-up returned no session.");
  return cookie;
}

/** @returns the id of a chat with an answer, which may still be growing */
async function askSomething(url: string, cookie: string): Promise<string> {
  const chatId = randomUUID();
  const message = { id: randomUUID(), parts: [{ type: "text", text: "What is this?" }] };
  await call(url, "messages.send", { chatId, message }, cookie);
  return chatId;
}

async function call(
  url: string,
  procedure: string,
  input: unknown,
  cookie?: string,
): Promise<Response> {
  const response = await fetch(`${url}/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...(cookie && { cookie }) },
    body: JSON.stringify(input),
  });
  if (response.ok) return response;
  throw new ScriptError(`${procedure} answered ${response.status}: ${await response.text()}`);
}
