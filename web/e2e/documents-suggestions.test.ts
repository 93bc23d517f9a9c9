import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, gotoAlive, phone, signUp, waitForAnswer } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const editor = (page: Page) => page.getByRole("textbox", { name: "Content" });
const suggestions = (page: Page, count: number) =>
  page.getByRole("region", { name: count === 1 ? "1 suggestion" : `${count} suggestions` });
const cards = (page: Page) => page.locator("[data-suggestion-card]");
const marks = (page: Page) => editor(page).locator("[data-suggestion]");
const untilSaved = (page: Page) => page.locator("[data-save-status=saved]").waitFor();
/** Waits until a decision has arrived, and does what makes it. The text has to be saved before. */
async function decided(page: Page, press: () => Promise<void>): Promise<void> {
  const arrived = page.waitForResponse(/documents\.suggestions\.resolve/).catch(async (error) => {
    const status = await page.locator("[data-save-status]").getAttribute("data-save-status");
    throw new Error(`No decision was sent, and the text is ${status}.`, { cause: error });
  });
  await Promise.all([arrived, press()]);
}

/** Lets the demo model write an essay and suggest five improvements of it. */
async function reviewedEssay(page: Page) {
  await signUp(page);
  await ask(page, "write an essay about tides");
  await waitForAnswer(page, "complete");
  await ask(page, "suggest improvements");
  await waitForAnswer(page, "complete");
}

/** Opens the essay on a page of its own, where there is room beside the text. */
async function openAlone(page: Page) {
  await gotoAlive(page, "/documents");
  await page.getByRole("link", { name: /Tides/ }).click();
  await suggestions(page, 5).waitFor();
  await expect.poll(() => marks(page).count(), patience).toBeGreaterThanOrEqual(5);
}

test("suggestions are accepted and rejected beside the chat, and a reload keeps that", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await reviewedEssay(page);
  await suggestions(page, 5).waitFor();
  await page
    .getByRole("article")
    .getByRole("button", { name: /5 suggestions/ })
    .waitFor();
  const first = cards(page).first();
  const original = await first.locator("del").innerText();
  const proposed = await first.locator("ins").innerText();
  await decided(page, () => first.getByRole("button", { name: "Accept" }).click());
  await suggestions(page, 4).waitFor();
  expect(await editor(page).innerText()).toContain(proposed);
  await untilSaved(page);
  const rejected = await cards(page).first().locator("del").innerText();
  await decided(page, () => cards(page).first().getByRole("button", { name: "Reject" }).click());
  await suggestions(page, 3).waitFor();

  await page.reload();
  await suggestions(page, 3).waitFor();
  await expect.poll(() => editor(page).innerText(), patience).toContain(proposed);
  const text = await editor(page).innerText();
  expect(text).not.toContain(original);
  expect(text).toContain(rejected);
  // What was accepted is a version.
  await page.getByRole("button", { name: "Versions" }).click();
  await page.getByRole("navigation", { name: "Versions" }).getByText("Version 2").waitFor();
});

test("a suggestion whose text was edited away says so, and all others are accepted at once", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await reviewedEssay(page);
  await openAlone(page);
  const torn = cards(page).first();
  const original = await torn.locator("del").innerText();
  await marks(page).first().click();
  await page.keyboard.type("x");
  await torn.getByText("no longer fits").waitFor();
  expect(await torn.getByRole("button", { name: "Accept" }).count()).toBe(0);
  // Undone, it fits again.
  await page.keyboard.press("Control+Z");
  await torn.getByRole("button", { name: "Accept" }).waitFor();
  await marks(page).first().click();
  await page.keyboard.type("x");
  await torn.getByText("no longer fits").waitFor();

  await decided(page, () => page.getByRole("button", { name: "Accept all" }).click());
  await suggestions(page, 1).waitFor();
  await untilSaved(page);
  await page.reload();
  await suggestions(page, 1).waitFor();
  await cards(page).first().getByText("no longer fits").waitFor();
  expect(await editor(page).innerText()).not.toContain(original);
  await decided(page, () => page.getByRole("button", { name: "Dismiss" }).click());
  await cards(page).waitFor({ state: "detached" });
  await page.reload();
  await expect.poll(() => editor(page).innerText(), patience).toContain("x");
  expect(await cards(page).count()).toBe(0);
});

test("beside the text each card is at its line, and the keyboard reaches it", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await reviewedEssay(page);
  await openAlone(page);
  const [mark, card] = [marks(page).first(), cards(page).first()];
  const isBeside = async () => {
    const [text, beside] = [await mark.boundingBox(), await card.boundingBox()];
    if (!text || !beside) return false;
    return beside.x > text.x + 100 && Math.abs(beside.y - text.y) < 60;
  };
  await expect.poll(isBeside, patience).toBe(true);
  // Typing above moves both.
  await editor(page).click({ position: { x: 60, y: 30 } });
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("\n\n\n\n");
  await expect.poll(isBeside, patience).toBe(true);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  expect(await focused()).toBe("Accept");
  await decided(page, () => page.keyboard.press("Enter"));
  await suggestions(page, 4).waitFor();
  await page.getByRole("status").filter({ hasText: "Accepted. 4 left." }).waitFor();
  expect(await focused()).toBe("Accept");
  // Undone from the list: the text and the suggestion are back, also after a reload.
  await decided(page, () => page.keyboard.press("Control+Z"));
  await suggestions(page, 5).waitFor();
  await page.reload();
  await suggestions(page, 5).waitFor();
});

test("on a phone the suggestions are below the text, and are folded away", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await reviewedEssay(page);
  await page
    .getByRole("article")
    .getByRole("button", { name: /5 suggestions/ })
    .click();
  await suggestions(page, 5).waitFor();
  const [text, list] = [await editor(page).boundingBox(), await suggestions(page, 5).boundingBox()];
  expect(list?.y).toBeGreaterThan(300);
  expect(text?.y).toBeLessThan(list?.y ?? 0);
  await page.getByRole("button", { name: "Show suggestions" }).click();
  expect(await cards(page).first().isVisible()).toBe(false);
  await page.getByRole("button", { name: "Show suggestions" }).click();
  // A card that is half in view stays where it is when the pointer comes, so that a press meets it.
  const scroller = page.locator("[data-suggestion-card]").first().locator("xpath=ancestor::ul/..");
  await scroller.evaluate((element) => element.scrollTo({ top: 40 }));
  await cards(page)
    .first()
    .hover({ position: { x: 20, y: 60 } });
  await page.locator("[data-suggestion-card].border-accent").waitFor();
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(40);
  await decided(page, () => cards(page).first().getByRole("button", { name: "Accept" }).click());
  await suggestions(page, 4).waitFor();
});
