import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { logInByRequest, textbox, visitAlive } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const account = inject("longChatAccount");

declare global {
  /** The messages on the page at each call of `print`. */
  var printedCounts: number[] | undefined;
}

/** Opens the seeded chat of 1,000 messages, with the print dialog replaced by a note. */
async function openLongChat(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.print = () => {
      globalThis.printedCounts = [
        ...(globalThis.printedCounts ?? []),
        document.querySelectorAll("article").length,
      ];
      window.dispatchEvent(new Event("afterprint"));
    };
  });
  await logInByRequest(page, account);
  await visitAlive(page, "/");
  const link = page.locator("a", { hasText: "A chat of 1000 messages" });
  await visitAlive(page, (await link.getAttribute("href")) ?? "");
}

const countsOfPrints = (page: Page) => page.evaluate(() => globalThis.printedCounts);

/** The pages of a PDF. */
function pageCount(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

test("Ctrl+P and /print print a whole chat, and leave the page as it was", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await openLongChat(page);
  const articles = page.locator("article");
  const shownBefore = await articles.count();
  expect(shownBefore).toBeLessThan(100);
  await page.keyboard.press("Control+p");
  await expect.poll(() => countsOfPrints(page)).toEqual([1000]);
  await expect.poll(() => articles.count()).toBeLessThan(100);
  await textbox(page).fill("/print");
  await page.keyboard.press("Enter");
  await expect.poll(() => countsOfPrints(page)).toEqual([1000, 1000]);
});

test("a print from the browser's menu has every loaded message on its pages, and no buttons", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await openLongChat(page);
  await page.evaluate(() => {
    window.addEventListener("beforeprint", () => {
      document.body.dataset.printed = String(document.querySelectorAll("article").length);
      document.body.dataset.note = String(document.body.textContent?.includes("are left out"));
    });
  });
  const pdf = await page.pdf();
  const { printed, note } = await page.evaluate(() => ({ ...document.body.dataset }));
  expect(Number(printed)).toBeGreaterThanOrEqual(40);
  expect(note).toBe("true");
  expect(pageCount(pdf)).toBeGreaterThan(2);
  await page.emulateMedia({ media: "print" });
  for (const name of ["Send", "Share this chat", "Scroll to bottom", "Copy answer"]) {
    expect(await page.getByRole("button", { name }).filter({ visible: true }).count()).toBe(0);
  }
  expect(await textbox(page).isVisible()).toBe(false);
  expect(await page.getByRole("navigation").filter({ visible: true }).count()).toBe(0);
});
