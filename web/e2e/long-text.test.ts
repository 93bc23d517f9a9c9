import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  chooseForChat,
  problem,
  questions,
  signUp,
  textbox,
  waitForAnswer,
} from "./support/chat.ts";
import { choose, draftFiles, holdUploads, text, waitForReady } from "./support/files.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

const longText = `Begin\n${"กี่ word 😀 ".repeat(30_000)}end`;

/** Pastes without a clipboard, which browsers guard. */
async function paste(page: Page, content: string): Promise<void> {
  await textbox(page).focus();
  await page.keyboard.insertText(content);
}

const notice = (page: Page) => page.getByText("This message is too long to send");
const attachButton = (page: Page) => page.getByRole("button", { name: "Attach as text file" });

test("a text that is too long is attached as a file, and sent with a question", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await paste(page, longText);
  await notice(page).waitFor();
  await page.getByText(`${longText.length.toLocaleString("en")} of 32,000 characters`).waitFor();

  await textbox(page).press("Enter");
  await page.getByRole("alert").filter({ hasText: "too long to send" }).waitFor();
  expect(await questions(page).count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe(longText);

  await attachButton(page).click();
  await waitForReady(page, 1);
  await expect.poll(() => textbox(page).inputValue()).toBe("");
  expect(await notice(page).count()).toBe(0);
  await page.keyboard.type("say read it");
  await page.keyboard.press("Enter");
  await waitForAnswer(page, "complete");
  const link = questions(page).getByRole("link", { name: /Pasted text\.txt/ });
  const address = await link.getAttribute("href");
  const response = await page.request.get(address ?? "");
  expect(await response.text()).toBe(longText);
});

test("a long text stays in the message box until its file is stored", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdUploads(page);
  await paste(page, longText);
  await attachButton(page).click();
  await draftFiles(page, "uploading").waitFor();
  expect(await textbox(page).inputValue()).toBe(longText);
  await page.getByRole("button", { name: /^Cancel the upload of/ }).click();
  await expect.poll(() => draftFiles(page).count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe(longText);

  await attachButton(page).click();
  await draftFiles(page, "uploading").waitFor();
  await textbox(page).press("End");
  await page.keyboard.type("!");
  goOn();
  await waitForReady(page, 1);
  expect(await textbox(page).inputValue()).toContain("!");
  await notice(page).waitFor();
});

test("an eleventh file is not attached, and the text stays", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(
    page,
    Array.from({ length: 10 }, (_, index) => text(`${index}.txt`, `file ${index}`)),
  );
  await waitForReady(page, 10);
  await paste(page, longText);
  await attachButton(page).click();
  await problem(page).filter({ hasText: "up to 10 files" }).waitFor();
  expect(await textbox(page).inputValue()).toBe(longText);
  expect(await draftFiles(page).count()).toBe(10);
});

test("a title that is too long is refused, and not cut inside a character", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "say title");
  await waitForAnswer(page, "complete");
  await chooseForChat(page, "say title", "Rename");
  const field = page.getByRole("textbox", { name: "Chat title" });
  const title = `${"x".repeat(118)}👨‍👩‍👧‍👦`;
  await field.fill("");
  await page.keyboard.insertText(title);
  await field.press("Enter");
  await page.getByText("Use at most 120 characters.").waitFor();
  expect(await field.inputValue()).toBe(title);
});
