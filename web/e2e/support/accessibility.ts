import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, inject } from "vitest";
import { pageStates } from "./page-states.ts";
import { test } from "./test.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** How a page is looked at. */
export interface Look {
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
}

/** What axe finds wrong with the page as it is, one line for each element. */
async function findViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind.
  await page.addScriptTag({ path: axePath });
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${id} (${impact}): ${target.join(" ")}`),
  );
}

/** Makes a test of every page of the product. A file for each look, so that they run side by side. */
export function testPages(look: Look): void {
  const baseURL = inject("demoUrl");
  describe(`${look.colorScheme} at ${look.viewport.width} px`, () => {
    test.for(pageStates)(
      "$name has no accessibility violation",
      async ({ open }, { visit, expectedProblems }) => {
        // The pages that say so, and the refused form, come with such a status.
        expectedProblems.push(/status of 4\d\d/);
        const { page } = await visit({ baseURL, bypassCSP: true, ...look });
        await open(page);
        expect(await findViolations(page)).toEqual([]);
      },
    );
  });
}
