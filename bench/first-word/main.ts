/**
 * Measures the time from pressing Send to the first word on the screen, in a browser on the
 * production build, with its parts: in a new chat, in one of 20 messages and in one of 1,000. The
 * model is a stand-in that answers at once.
 *
 *   node bench/first-word/main.ts [presses per case]
 */
import { randomUUID } from "node:crypto";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { browserArguments, ensureBrowser } from "../../scripts/lib/browser.ts";
import { chatFile } from "../lib/chat-file.ts";
import { type ModelServer, startModelServer } from "../streams/model-server.ts";
import { browserCookie, signUp, startProduct } from "../streams/product.ts";
import { median } from "../streams/statistics.ts";
import { type Marks, watchPage } from "./watch-page.ts";

const presses = Number(process.argv[2] ?? 15);
const sizes = [0, 20, 1_000];
const parts = ["request", "firstByte", "firstChunk", "word"] as const;

/** Markdown, as in most answers. */
const textOf = (index: number) => `Message ${index + 1} of a **chat**, with some \`code\`.`;

/** @returns the chat's path */
async function importChat(url: string, cookie: string, messageCount: number): Promise<string> {
  const response = await fetch(`${url}/trpc/chats.import`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: chatFile({ messageCount, textOf }),
  });
  const { result } = (await response.json()) as {
    result: { data: { imported: { chatId: string }[] } };
  };
  return `/chat/${result.data.imported[0]?.chatId}`;
}

/** Opens a page, writes a question, presses Enter, and waits for the end of the answer. */
async function press(page: Page, url: string, path: string, model: ModelServer): Promise<Marks> {
  const question = `Stream ${randomUUID()}`;
  // Longer than the slowest page takes: the word counts only while the answer streams.
  model.plan(question, { count: 100, rate: 100 });
  await page.goto(url + path);
  await page.waitForLoadState("networkidle");
  await page.getByRole("textbox", { name: "Message" }).pressSequentially(question);
  // As while people write, the page has time to get ready.
  await page.waitForTimeout(500);
  await page.keyboard.press("Enter");
  // Not asked for again and again, because each look would draw the page once more.
  const marks = await page.evaluate(() => globalThis.untilWord);
  await page.locator('article[data-status="streaming"]').waitFor({ state: "detached" });
  return marks;
}

async function measure(
  context: BrowserContext,
  url: string,
  cookie: string,
  size: number,
  model: ModelServer,
) {
  const all: Marks[] = [];
  for (let round = 0; round <= presses; round += 1) {
    const path = size === 0 ? "/" : await importChat(url, cookie, size);
    const page = await context.newPage();
    await page.addInitScript(watchPage);
    const marks = await press(page, url, path, model);
    await page.close();
    // The first one fills caches.
    if (round > 0) all.push(marks);
  }
  const at = (part: (typeof parts)[number]) =>
    median(all.map((marks) => Math.round(marks[part] ?? Number.NaN)));
  console.log(
    `${(size === 0 ? "new chat" : `${size} messages`).padEnd(16)}${parts.map((part) => String(at(part)).padStart(12)).join("")}`,
  );
}

const model = await startModelServer();
const product = await startProduct({
  GOOGLE_GENERATIVE_AI_API_KEY: "bench-key",
  GOOGLE_GENERATIVE_AI_BASE_URL: model.baseUrl,
});
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArguments });
try {
  const { url } = product.stack;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const cookie = await signUp(url);
  await context.addCookies([browserCookie(cookie, url)]);
  console.log(`Milliseconds after the press, medians of ${presses}`);
  console.log(`${"".padEnd(16)}${parts.map((part) => part.padStart(12)).join("")}`);
  for (const size of sizes) await measure(context, url, cookie, size, model);
} finally {
  await browser.close();
  await product.stop();
  model.close();
}
