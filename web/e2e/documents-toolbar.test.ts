import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, phone, questions, signUp, waitForAnswer } from "./support/chat.ts";
import { clipboardPermissions as permissions, test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const panel = (page: Page) => page.locator("[data-panel^=document]");
const editor = (page: Page) => panel(page).getByRole("textbox", { name: "Content" });
const toolbar = (page: Page) => panel(page).getByRole("group", { name: "Ask the model" });
const button = (page: Page, name: string) => toolbar(page).getByRole("button", { name });
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function write(page: Page, question: string): Promise<void> {
  await ask(page, question);
  await waitForAnswer(page, "complete");
  await editor(page).waitFor();
}

test("the toolbar asks in the chat, with what was typed a moment ago", async ({ visit }) => {
  const { page } = await visit({ baseURL, permissions });
  await signUp(page);
  await write(page, "write an essay about tides");
  await editor(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("By hand. ");
  const held = Promise.withResolvers<void>();
  await page.route(/messages\.send/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await button(page, "Shorten").click();
  expect(await button(page, "Polish").getAttribute("aria-disabled")).toBe("true");
  await button(page, "Polish").dispatchEvent("click");
  await panel(page).getByText("An answer is being written.").waitFor();
  held.resolve();
  await page.getByText("I’ve rewritten Tides.").waitFor();
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(2);
  expect(await questions(page).last().innerText()).toMatch(/^Shorten “Tides”\.\n/);
  await expect.poll(() => editor(page).innerText(), patience).not.toContain("What comes next");
  expect(await editor(page).innerText()).toContain("By hand. Everything");
  await panel(page).getByText("An answer is being written.").waitFor({ state: "detached" });
  // The editor came back, and the button that was pressed has the focus again.
  const hasFocus = () => button(page, "Shorten").evaluate((one) => one === document.activeElement);
  await expect.poll(hasFocus).toBe(true);

  await panel(page).getByRole("button", { name: "Copy", exact: true }).click();
  await panel(page).getByRole("button", { name: "Copied" }).waitFor();
  expect(await copied(page)).toMatch(/^By hand\. Everything/);

  await button(page, "Reading level").click();
  await page.getByRole("menuitem", { name: "Children" }).click();
  await questions(page).getByText("Rewrite “Tides” so that it reads well for children.").waitFor();
  await expect.poll(() => editor(page).innerText(), patience).toContain("Afterword");
});

test("on a phone, code is ported from its toolbar to a document of its own", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await ask(page, "write code that prints squares");
  await waitForAnswer(page, "complete");
  await page
    .getByRole("article")
    .getByRole("button", { name: /Prints squares/ })
    .click();
  await editor(page).waitFor();
  await button(page, "Port").click();
  await page.getByRole("menuitem", { name: "Rust" }).click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("def steps");
  await panel(page).getByRole("button", { name: "Back to the chat" }).click();
  await page
    .getByRole("article")
    .getByRole("button", { name: /Rust.* · Created/ })
    .click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("fn main()");
});

test("without its chat a document has no toolbar, and is copied", async ({ visit }) => {
  const { page } = await visit({ baseURL, permissions });
  await signUp(page);
  await page.goto("/documents");
  await page.getByRole("button", { name: "New text" }).click();
  const content = page.getByRole("textbox", { name: "Content" });
  await content.click();
  await page.keyboard.type("# Notes");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await copied(page)).toBe("# Notes");
  expect(await page.getByRole("group", { name: "Ask the model" }).count()).toBe(0);
});
