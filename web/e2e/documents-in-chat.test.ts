import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, phone, signUp, waitForAnswer } from "./support/chat.ts";
import { readDocument, saveDocument } from "./support/documents.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const card = (page: Page) =>
  page
    .getByRole("article")
    .getByRole("button", { name: /· (Created|Rewritten|Edited|Writing…|Stopped)/ });
const panel = (page: Page) => page.locator("[data-panel^=document]");
const content = (page: Page) => panel(page).getByLabel("Content");
const editor = (page: Page) => panel(page).getByRole("textbox", { name: "Content" });

test("an essay opens beside the chat while the model writes it, and is edited there", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "write an essay about tides");
  await content(page).waitFor();
  // A page that is loaded in the middle of it shows it too.
  await page.reload();
  await expect.poll(() => content(page).innerText(), patience).toContain("Everything that can");
  await waitForAnswer(page, "complete");
  await editor(page).waitFor();
  await expect.poll(() => editor(page).innerText(), patience).toContain("What comes next");
  expect(await card(page).innerText()).toContain("Tides");

  await editor(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("By hand. ");
  await editor(page).blur();
  await panel(page).locator("[data-save-status=saved]").waitFor();

  // The model changes what the reader has made of it, as a version that can be taken back.
  await ask(page, "replace By hand with By a model");
  await waitForAnswer(page, "complete");
  await expect.poll(() => editor(page).innerText(), patience).toContain("By a model. Everything");
  await panel(page).getByRole("button", { name: "Versions" }).click();
  const versions = panel(page).getByRole("navigation", { name: "Versions" });
  await versions.getByRole("button", { name: /Version 3/ }).waitFor();
  await versions.getByRole("button", { name: /Version 2/ }).click();
  await panel(page).getByRole("button", { name: "Restore this version" }).click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("By hand. Everything");
});

test("a document that is stopped is kept as far as it was written", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "write a long essay about tides");
  await expect.poll(() => content(page).innerText(), patience).toContain("Everything that can");
  await panel(page).getByText("Writing…").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await waitForAnswer(page, "stopped");
  await editor(page).waitFor();
  await page.reload();
  await expect.poll(() => editor(page).innerText(), patience).toContain("Everything that can");
  expect(await editor(page).innerText()).not.toContain("Part 40");
  await panel(page).getByRole("button", { name: "Versions" }).click();
  await panel(page).getByText("Model, stopped").waitFor();
});

test("what a person saves while the model rewrites is kept, and a merge is offered", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "write a long essay about tides");
  await content(page).getByText("Part 4").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await editor(page).waitFor();
  const documentId = new URL(page.url()).searchParams.get("panel")?.split(":")[1] ?? "";
  const { content: written } = await readDocument(page, documentId);

  await ask(page, "lengthen it");
  await panel(page).getByText("Writing…").waitFor();
  await saveDocument(page, documentId, `From another device. ${written}`);
  await page.getByRole("button", { name: "Stop" }).click();
  await waitForAnswer(page, "stopped");
  const notice = panel(page).getByRole("region", { name: "Changed meanwhile" });
  await notice.getByRole("button", { name: "Merge both" }).click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("From another device.");
  await expect
    .poll(async () => (await readDocument(page, documentId)).version.number, patience)
    .toBe(4);
  await notice.waitFor({ state: "detached" });
});

test("a document that is opened before its chat has an address opens in that chat", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await page.getByRole("textbox", { name: "Message" }).fill("write an essay about tides");
  await page.getByRole("button", { name: "Send message" }).click();
  await card(page).click();
  await expect.poll(() => content(page).innerText(), patience).toContain("Everything that can");
  await panel(page).getByRole("button", { name: "Back to the chat" }).click();
  await waitForAnswer(page, "complete");
  expect(new URL(page.url()).pathname).toMatch(/^\/chat\//);
});

test("on a phone a card opens the document over the chat, and leads back", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await ask(page, "write code that prints squares");
  await waitForAnswer(page, "complete");
  expect(await panel(page).count()).toBe(0);
  await card(page).click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("def steps");
  expect(new URL(page.url()).search).toContain("panel=document");
  await panel(page).getByRole("button", { name: "Back to the chat" }).click();
  await panel(page).waitFor({ state: "detached" });
  await card(page).waitFor();
});
