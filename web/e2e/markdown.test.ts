import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { answers, ask, signUp, waitForAnswer, waitForText } from "./support/chat.ts";
import { test } from "./support/test.ts";

// Answers of a provider as they arrive, piece by piece, on the whole path to the screen.

const baseURL = inject("geminiUrl");

/** Notes the kinds of elements that an answer ever has, before the first word arrives. */
async function noteElements(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seenElements: seen });
    const note = () => {
      for (const element of document.querySelectorAll(".md *")) {
        if (!element.closest(".katex")) seen.add(element.tagName);
      }
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
  });
}

/** The elements that were shown for a moment and are not in the finished answer. */
function vanishedElements(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { seenElements } = window as unknown as { seenElements: Set<string> };
    return [...seenElements].filter((name) => !document.querySelector(`.md ${name}`));
  });
}

test("the table of texts is shown as meant, and nothing else meanwhile", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await noteElements(page);
  await ask(page, "Please show the table of texts.");
  await waitForAnswer(page, "complete", 60_000);
  expect(await vanishedElements(page)).toEqual([]);
  await page.locator(".md .katex").first().waitFor();

  const answer = answers(page).last();
  const check = async () => {
    const text = (await answer.locator(".md").innerText()).replaceAll("\u00a0", " ");
    for (const line of [
      "价格10~20元，时间3~5天 END1",
      "注意：正文，含「重点」内容 END2",
      "costs 5$, plan B costs 10$ END3",
      "US$5 to about 20 US$ END4",
      "$HOME/bin:$PATH END5",
      "A is $$, B is $$$$ END6",
      "Rayleigh",
      "Nobody refers to this.",
      "[unused]: https://unused.example",
      "<!-- a --> Install it first. <!-- b -->",
      "，详见下文。",
      "<b>tag</b>",
      "Roses are red,\nviolets are blue.",
      "pass **kwargs to it END9",
      "The line above",
    ]) {
      expect(text).toContain(line);
    }
    const texts = (selector: string) => answer.locator(`.md ${selector}`).allInnerTexts();
    expect(await texts("strong")).toEqual(["注意：", "「重点」", "Bold item"]);
    expect(await texts("h2, h3")).toEqual(["Heading of the table"]);
    expect(await texts("sub, kbd, mark")).toEqual(["2", "Ctrl", "marked"]);
    expect(await texts("del, s, hr")).toEqual([]);
    expect(await texts("p code")).toEqual(["npm i"]);
    expect(await texts("summary")).toEqual(["The summary"]);
    expect(await texts(".md-note")).toHaveLength(2);
    expect(await answer.locator(".md .katex-display").count()).toBe(4);
    expect(await answer.locator('.md a[href="https://example.com/guide"]').count()).toBe(1);
    // The host of a link is in small print after it.
    const host = answer.getByRole("link", { name: /the docs/ });
    expect(await host.getAttribute("data-host")).toBe("docs.example");
    const directions = await answer
      .locator(".md > *")
      .evaluateAll((blocks) =>
        blocks
          .filter((block) => /مرحبا|اول|Install/.test(block.textContent ?? ""))
          .map((block) => getComputedStyle(block).direction),
      );
    expect(directions).toEqual(["ltr", "rtl", "rtl"]);
  };
  await check();
  await page.reload();
  await page.locator(".md .katex").first().waitFor();
  await check();
});

/**
 * The distance of a text from the top of the view, in px. While the page still scrolls, or between a
 * growing answer's change of the document and the next frame, it is another, so readings in several
 * frames have to agree.
 */
function topOf(page: Page, text: string): Promise<number> {
  return page
    .getByText(text, { exact: false })
    .first()
    .evaluate(async (element) => {
      for (let last = Number.NaN, agreeing = 0; ; agreeing += 1) {
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const { top } = element.getBoundingClientRect();
        if (!(Math.abs(top - last) < 0.01)) agreeing = 0;
        else if (agreeing === 5) return top;
        last = top;
      }
    });
}

/** Scrolls by a wheel, which scrolls by fractions of a pixel too, until the page follows no longer. */
async function scrollUp(page: Page, px: number): Promise<void> {
  await page.locator("[data-messages]").hover();
  await page.mouse.wheel(0, -px);
  await page.getByRole("button", { name: "Scroll to bottom" }).waitFor();
}

test("what one reads stays in place while the answer grows below", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "Please write many lines.");
  await waitForText(page, /Line 40 of/);
  await scrollUp(page, 600.4);
  const before = await topOf(page, "Line 20 of");
  await page.waitForFunction(() => document.body.innerText.includes("Line 120 of"));
  expect(Math.abs((await topOf(page, "Line 20 of")) - before)).toBeLessThan(1);
});

test("thoughts stay open under a reader who has scrolled up in them", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "Please think for long.");
  await waitForText(page, /Thought 45 about/);
  await scrollUp(page, 500);
  const before = await topOf(page, "Thought 1 about");
  await page.getByRole("button", { name: /^Thought for/ }).waitFor();
  await page.waitForFunction(() => document.body.innerText.includes("Line 5 of"));
  expect(Math.abs((await topOf(page, "Thought 1 about")) - before)).toBeLessThan(1);
  // Who reads the newest words sees the thoughts fold.
  const folding = await visit({ baseURL });
  await signUp(folding.page);
  await ask(folding.page, "Please think for long.");
  await folding.page.locator('button[aria-expanded="false"]', { hasText: "Thought for" }).waitFor();
});
