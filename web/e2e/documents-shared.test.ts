/** The documents of a shared chat: read-only, and gone when the chat is private. */
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  chooseForChat,
  phone,
  shareChat,
  shareDialog,
  signUp,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";
import { setVisibility } from "./support/visibility.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const card = (page: Page) => page.getByRole("article").getByRole("button", { name: /· / });
const panel = (page: Page) => page.locator("[data-panel^=document]");
const content = (page: Page) => panel(page).getByLabel("Content", { exact: true });

/** A shared chat with an essay, which its owner has changed afterwards. */
async function sharedEssay(page: Page): Promise<string> {
  await signUp(page);
  await ask(page, "write an essay about tides");
  await waitForAnswer(page, "complete");
  const editor = panel(page).getByRole("textbox", { name: "Content" });
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("A private thought. ");
  await panel(page).locator("[data-save-status=saved]").waitFor();
  return shareChat(page);
}

test("a visitor reads the document that a message shows, without an editor", async ({ visit }) => {
  const owner = await visit({ baseURL });
  const path = await sharedEssay(owner.page);
  const { page } = await visit({ baseURL });
  const scripts: string[] = [];
  page.on("response", (response) => scripts.push(new URL(response.url()).pathname));
  await page.goto(path);
  await waitForAnswer(page, "complete");
  await card(page).click();
  await expect.poll(() => content(page).innerText(), patience).toContain("What comes next");
  expect(await content(page).innerText()).not.toContain("private thought");
  await panel(page).getByRole("heading", { name: "Tides" }).waitFor();
  expect(await panel(page).getByRole("textbox").count()).toBe(0);
  expect(scripts.filter((name) => /editor|codemirror/i.test(name))).toEqual([]);
  // The address leads to the same document.
  await page.reload();
  await expect.poll(() => content(page).innerText(), patience).toContain("What comes next");
  await panel(page).getByRole("button", { name: "Close" }).click();
  await panel(page).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");
});

test("a document that a visitor has open is gone when the chat becomes private", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 40[14]/);
  const owner = await visit({ baseURL });
  const path = await sharedEssay(owner.page);
  const { page } = await visit({ baseURL, viewport: phone });
  await page.goto(path);
  await waitForAnswer(page, "complete");
  await card(page).click();
  await expect.poll(() => content(page).innerText(), patience).toContain("What comes next");
  const address = page.url();
  await chooseForChat(owner.page, "write an essay about tides", "Share");
  await shareDialog(owner.page).getByRole("button", { name: "Make private" }).click();
  await shareDialog(owner.page).getByRole("button", { name: "Create link" }).waitFor();
  // The page looks every few seconds, and when its visitor returns to it.
  await setVisibility(page, "hidden");
  await setVisibility(page, "visible");
  await page.getByText("This chat is no longer shared").waitFor(patience);
  expect(await panel(page).count()).toBe(0);
  expect(await page.content()).not.toContain("What comes next");
  const response = await page.goto(address);
  expect(response?.status()).toBe(404);
});

test("a visitor watches the model write a document", async ({ visit }) => {
  const owner = await visit({ baseURL });
  await signUp(owner.page);
  await ask(owner.page, "count to 2");
  await waitForAnswer(owner.page, "complete");
  const path = await shareChat(owner.page);
  await owner.page.keyboard.press("Escape");
  await ask(owner.page, "write code that prints squares");
  const { page } = await visit({ baseURL });
  await page.goto(path);
  await card(page).click();
  await expect.poll(() => content(page).innerText(), patience).toContain("def steps");
  await waitForAnswer(page, "complete");
  await panel(page).getByRole("button", { name: "Copy", exact: true }).waitFor();
  expect(await content(page).innerText()).toContain("def steps");
});
