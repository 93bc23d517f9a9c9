import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { viewports } from "./chat.ts";
import { test } from "./test.ts";
import type { Walk } from "./walk.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const [wide, narrow] = viewports;

/**
 * Every combination of width and scheme, ordered so that each step changes as little as possible. A
 * change of the scheme alone changes nothing but colors.
 */
const looks = [
  { viewport: narrow, colorScheme: "light", changes: "all" },
  { viewport: narrow, colorScheme: "dark", changes: "colors" },
  { viewport: wide, colorScheme: "dark", changes: "all" },
  { viewport: wide, colorScheme: "light", changes: "colors" },
] as const;

/** The rules whose results depend on colors. */
const colorRules = ["color-contrast", "link-in-text-block"];

/** The violations that axe finds on the page, one line per element. */
async function findViolations(page: Page, rules: "all" | "colors"): Promise<string[]> {
  // Evaluated through the debugger, to which the page's Content-Security-Policy does not apply.
  if (!(await page.evaluate("'axe' in window"))) await page.addScriptTag({ path: axePath });
  const options = {
    resultTypes: ["violations"],
    ...(rules === "colors" && { runOnly: { type: "rule", values: colorRules } }),
  };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${id} (${impact}): ${target.join(" ")}`),
  );
}

/** Waits until all transitions and animations have ended, except endless ones. */
async function waitForCalm(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // A change of width or scheme starts its transitions with the frame after it.
    for (let frame = 0; frame < 2; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const passing = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)))
      // An animation that is not rendered, as behind a panel on a phone, never ends.
      .filter(({ effect }) => (effect as KeyframeEffect).target?.checkVisibility());
    // A cancelled animation has ended too.
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** Makes a test of each walk, which checks every state in both schemes and widths. */
export function testWalks(walks: readonly Walk[]): void {
  const baseURL = inject("demoUrl");
  test.for(walks)(
    "no accessibility violation: $name",
    { timeout: 600_000 },
    async ({ begin, states, problems = [] }, { visit, expectedProblems }) => {
      expectedProblems.push(...problems);
      const { page } = await visit({ baseURL, bypassCSP: true, viewport: narrow });
      await begin?.(page);
      for (const { name, open, shows, onlyNarrow } of states) {
        await page.setViewportSize(narrow);
        await open(page);
        for (const { viewport, colorScheme, changes } of looks) {
          if (onlyNarrow && viewport !== narrow) continue;
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          await shows(page).first().waitFor();
          await waitForCalm(page);
          const look = `${name}, ${colorScheme} at ${viewport.width} px`;
          expect.soft(await findViolations(page, changes), look).toEqual([]);
        }
        await page.emulateMedia({ colorScheme: "light" });
      }
    },
  );
}
