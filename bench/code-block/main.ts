/**
 * Measures what a page does while a long code block streams into it: its long tasks, and how late
 * keys are answered, in a browser on the production build. The model is a stand-in.
 *
 *   node bench/code-block/main.ts [characters of code] [characters a second]
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "playwright-core";
import { browserArguments, ensureBrowser } from "../../scripts/lib/browser.ts";
import { answerPiece } from "../streams/model-server.ts";
import { browserCookie, signUp, startProduct } from "../streams/product.ts";
import { median, sum } from "../streams/statistics.ts";
import { watchTasks } from "./watch-tasks.ts";

const length = Number(process.argv[2] ?? 30_000);
const charactersPerSecond = Number(process.argv[3] ?? 2_500);
const pieceMs = 40;

const lines = `export function add(a: number, b: number): string {
  // Adds two numbers, and says so.
  const sum = a + b;
  return \`The sum of \${a} and \${b} is \${sum}.\`;
}
`;

/** A stand-in for Gemini's API that streams the code. */
const model = createServer(async (request, response) => {
  for await (const _ of request);
  if (!request.url?.includes(":streamGenerateContent")) {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answerPiece("A title", true)));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  const code = lines.repeat(Math.ceil(length / lines.length)).slice(0, length);
  const text = `Here it is:\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThat is all.`;
  const size = Math.round((charactersPerSecond * pieceMs) / 1000);
  for (let begin = 0; begin < text.length; begin += size) {
    const piece = answerPiece(text.slice(begin, begin + size), false);
    response.write(`data: ${JSON.stringify(piece)}\r\n\r\n`);
    await wait(pieceMs);
  }
  response.end(`data: ${JSON.stringify(answerPiece("", true))}\r\n\r\n`);
});

await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve));
const product = await startProduct({
  GOOGLE_GENERATIVE_AI_API_KEY: "bench-key",
  GOOGLE_GENERATIVE_AI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1beta`,
});
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArguments });
try {
  const { url } = product.stack;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([browserCookie(await signUp(url), url)]);
  const page = await context.newPage();
  await page.addInitScript(watchTasks);
  await page.goto(url);
  await page.waitForLoadState("networkidle");
  const textbox = page.getByRole("textbox", { name: "Message" });
  await textbox.fill("Show the code.");
  await page.keyboard.press("Enter");
  const streaming = page.locator('article[data-status="streaming"]');
  await streaming.locator("pre").waitFor();
  await page.evaluate(() => {
    globalThis.seenTasks = { taskMs: [], keyMs: [] };
  });
  const begin = performance.now();
  while ((await streaming.count()) > 0) {
    await page.keyboard.press("a");
    await wait(200);
  }
  const seconds = (performance.now() - begin) / 1000;
  const { taskMs, keyMs } = (await page.evaluate(() => globalThis.seenTasks)) ?? {
    taskMs: [],
    keyMs: [],
  };
  console.log(`${length} characters of code in ${seconds.toFixed(1)} s`);
  console.log(
    `long tasks: ${taskMs.length}, ${Math.round(sum(taskMs))} ms in all, the longest ${Math.round(Math.max(0, ...taskMs))} ms`,
  );
  console.log(
    `keys: median ${Math.round(median(keyMs))} ms, slowest ${Math.round(Math.max(...keyMs))} ms`,
  );
} finally {
  await browser.close();
  await product.stop();
  model.close();
}
