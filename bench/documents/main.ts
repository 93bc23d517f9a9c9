/**
 * Measures documents of the largest sizes in a browser on the production build: how long each takes
 * to open in its editor, how late keys are answered in it, and for how long a paste of many lines
 * blocks the page.
 *
 *   node bench/documents/main.ts [rounds for each]
 */
/// <reference lib="dom" />
import { randomUUID } from "node:crypto";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { browserArguments, ensureBrowser } from "../../scripts/lib/browser.ts";
import { type SeenTasks, watchTasks } from "../code-block/watch-tasks.ts";
import { browserCookie, signUp, startProduct } from "../streams/product.ts";
import { median } from "../streams/statistics.ts";

const rounds = Number(process.argv[2] ?? 5);
const keys = "a few more words ";
const pastedLines = 20_000;

interface Sample {
  readonly name: string;
  readonly kind: "text" | "code" | "sheet";
  readonly language?: string;
  readonly content: string;
}

const lines = (count: number, lineOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => lineOf(index)).join("\n");

const paragraph = (index: number) =>
  `Paragraph ${index} has **bold**, *italic*, \`code\` and a [link](https://example.com/${index}), and then some more words of no meaning.\n`;
const codeLine = (index: number) => `export const value${index} = compute(${index}, "a string");`;
const sheetRow = (index: number) =>
  Array.from({ length: 10 }, (_, column) => `${index}.${column}`).join(",");

const empty: readonly Sample[] = [
  { name: "an empty text", kind: "text", content: "" },
  { name: "empty code", kind: "code", language: "typescript", content: "" },
];
const samples: readonly Sample[] = [
  { name: "a text of 1 MB", kind: "text", content: lines(9_000, paragraph).slice(0, 1_000_000) },
  {
    ...{ name: "code of 20,000 lines", kind: "code", language: "typescript" },
    content: lines(20_000, codeLine),
  },
  { name: "a sheet of 50,000 cells", kind: "sheet", content: lines(5_000, sheetRow) },
];

/** @returns the address of the document's page */
async function create(context: BrowserContext, url: string, sample: Sample): Promise<string> {
  const { name: title, ...document } = sample;
  const response = await context.request.post(`${url}/trpc/documents.create`, {
    data: { key: randomUUID(), title, ...document },
    headers: { origin: url },
  });
  if (!response.ok()) throw new Error(`${title}: ${await response.text()}`);
  return `${url}/documents/${(await response.json()).result.data.id}`;
}

const editorOf = (page: Page, { kind }: Sample) =>
  page.getByRole(kind === "sheet" ? "grid" : "textbox", { name: "Content", exact: true });

/** What the editor of each kind shows of its content. */
const shownIn = {
  text: '[role="textbox"][aria-label="Content"] .cm-line',
  code: '[role="textbox"][aria-label="Content"] .cm-line',
  sheet: '[role="grid"][aria-label="Content"] [role="gridcell"]',
} as const;

/** @returns ms from the beginning of the navigation until the editor shows the content */
async function open(page: Page, address: string, { kind }: Sample): Promise<number> {
  await page.goto(address, { waitUntil: "commit" });
  const shown = await page.waitForFunction(
    (selector) => document.querySelector(selector) !== null && performance.now(),
    shownIn[kind],
    { polling: "raf" },
  );
  return Number(await shown.jsonValue());
}

/** Types into the editor's middle. @returns ms from each key to the frame that shows it */
async function type(page: Page, sample: Sample): Promise<number[]> {
  await page.waitForLoadState("networkidle");
  await editorOf(page, sample).click();
  const { keyMs } = await watched(page, async () => {
    for (const key of keys) await page.keyboard.press(key === " " ? "Space" : key, { delay: 30 });
  });
  return keyMs;
}

/** @returns the longest time that a paste blocks the page, in ms; 0 below 50 ms */
async function paste(page: Page, text: string): Promise<number> {
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  const { taskMs } = await watched(page, async () => {
    await page.keyboard.press("ControlOrMeta+v");
    await page.waitForTimeout(3_000);
  });
  return Math.max(0, ...taskMs);
}

async function watched(page: Page, act: () => Promise<void>): Promise<SeenTasks> {
  await page.evaluate(() => {
    globalThis.seenTasks = { taskMs: [], keyMs: [] };
  });
  await act();
  return (await page.evaluate(() => globalThis.seenTasks)) ?? { taskMs: [], keyMs: [] };
}

const product = await startProduct({});
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArguments });
try {
  const { url } = product.stack;
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions,
  });
  await context.addCookies([browserCookie(await signUp(url), url)]);
  const page = await context.newPage();
  await page.addInitScript(watchTasks);

  console.log("| document | opens, median ms | key, median ms | slowest key, ms |");
  console.log("|---|---:|---:|---:|");
  for (const sample of [...empty, ...samples]) {
    const address = await create(context, url, sample);
    const openMs: number[] = [];
    const keyMs: number[] = [];
    for (let count = 0; count < rounds; count += 1) {
      openMs.push(await open(page, address, sample));
      keyMs.push(...(await type(page, sample)));
    }
    const cells = [median(openMs), median(keyMs), Math.max(...keyMs)].map(Math.round);
    console.log(`| ${[sample.name, ...cells].join(" | ")} |`);
  }

  const pasted = lines(pastedLines, (index) => `Line ${index} of what is pasted.`);
  console.log(`| paste of ${pastedLines} lines into | longest task, median ms | worst ms |`);
  console.log("|---|---:|---:|");
  const places: readonly { name: string; open: () => Promise<unknown> }[] = [
    {
      name: "the composer",
      async open() {
        await page.goto(url);
        await page.waitForLoadState("networkidle");
        await page.getByRole("textbox", { name: "Message", exact: true }).click();
      },
    },
    ...empty.map((sample) => ({
      name: sample.name,
      async open() {
        await open(page, await create(context, url, sample), sample);
        await page.waitForLoadState("networkidle");
        await editorOf(page, sample).click();
      },
    })),
  ];
  for (const place of places) {
    const longest: number[] = [];
    for (let count = 0; count < rounds; count += 1) {
      await place.open();
      longest.push(await paste(page, pasted));
    }
    console.log(
      `| ${[place.name, Math.round(median(longest)), Math.round(Math.max(...longest))].join(" | ")} |`,
    );
  }
} finally {
  await browser.close();
  await product.stop();
}
