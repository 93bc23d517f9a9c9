import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, inject } from "vitest";
import { pageStates } from "./support/page-states.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds wrong with the page as it is, one line for each element. */
async function findViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind.
  await page.addScriptTag({ path: axePath });
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${id} (${impact}): ${target.join(" ")}`),
  );
}

const looks = [
  { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;

describe.each(pageStates)("$name", ({ name, open }) => {
  for (const look of looks) {
    test(`${name} has no accessibility violation, ${look.colorScheme} at ${look.viewport.width} px`, async ({
      visit,
      expectedProblems,
    }) => {
      // The pages that say so, and the refused form, come with such a status.
      expectedProblems.push(/status of 4\d\d/);
      const { page } = await visit({ baseURL, bypassCSP: true, ...look });
      await open(page);
      expect(await findViolations(page)).toEqual([]);
    });
  }
});
