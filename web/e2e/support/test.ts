import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { test as base } from "vitest";
import { browserArguments, findBrowser, isHeaded } from "../../../scripts/lib/browser.ts";

/** A browser with cookies of its own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens another tab. Problems in it count like those in the first. */
  openTab(): Promise<Page>;
}

export type VisitOptions = BrowserContextOptions & { readonly baseURL: string };

export type Visit = (options: VisitOptions) => Promise<Visitor>;

interface Fixtures {
  browser: Browser;
  /** Opens a fresh browser. All browsers are closed after the test. */
  visit: Visit;
  /** Problems that the test causes on purpose. Matching ones do not fail it. */
  expectedProblems: RegExp[];
}

/** Console messages of a browser that cannot reach the network or the server. */
export const networkProblem = /net::ERR_|Failed to load resource|Failed to fetch|network error/i;

/** What a page may do that copies and pastes. */
export const clipboardPermissions = ["clipboard-read", "clipboard-write"];

const resultsDir = resolve(import.meta.dirname, "../../../test-results");

/** Starts a browser for tests. Shows its window when {@link isHeaded} says so. */
export function launch(
  executablePath: string,
  moreArguments: readonly string[] = [],
): Promise<Browser> {
  const args = [...browserArguments, ...moreArguments];
  return chromium.launch({ executablePath, args, headless: !isHeaded() });
}

/**
 * A test with browsers. It fails when a page throws or writes an error to its console, where the
 * browser also reports violations of the Content-Security-Policy. A failed test leaves a screenshot
 * of every page in test-results/.
 */
export const test = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from here.
    async ({}, use) => {
      const executablePath = findBrowser();
      if (!executablePath) throw new Error("No browser is installed: run `pnpm test e2e`.");
      const browser = await launch(executablePath);
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from here.
  expectedProblems: async ({}, use) => {
    await use([]);
  },
  visit: async ({ browser, expectedProblems, task }, use) => {
    const visitors: Visitor[] = [];
    const problems: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        // Smooth scrolling and fades would slow a test down.
        reducedMotion: "reduce",
        ...options,
      });
      context.setDefaultTimeout(45_000);
      context.on("weberror", (error) => problems.push(String(error.error().stack)));
      context.on("console", (message) => {
        // For a failed resource only the location names it.
        if (message.type() === "error")
          problems.push(`${message.text()} ${message.location().url}`);
      });
      const visitor: Visitor = {
        context,
        page: await context.newPage(),
        openTab: () => context.newPage(),
      };
      visitors.push(visitor);
      return visitor;
    });
    const unexpected = problems.filter(
      (problem) => !expectedProblems.some((pattern) => pattern.test(problem)),
    );
    if (task.result?.state === "fail" || unexpected.length > 0) {
      await saveScreenshots(task.name, visitors);
    }
    for (const { context } of visitors) await context.close();
    if (unexpected.length > 0) throw new Error(`A page reported:\n${unexpected.join("\n")}`);
  },
});

async function saveScreenshots(testName: string, visitors: readonly Visitor[]): Promise<void> {
  mkdirSync(resultsDir, { recursive: true });
  const name = testName.replace(/\W+/g, "-").toLowerCase();
  const pages = visitors.flatMap(({ context }) => context.pages());
  for (const [index, page] of pages.entries()) {
    await page.screenshot({ path: `${resultsDir}/${name}-${index + 1}.png` });
  }
}
