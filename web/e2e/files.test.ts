import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  expectToFitScreen,
  gotoAlive,
  phone,
  questions,
  signUp,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { choose, png, text, waitForReady } from "./support/files.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

test("files are listed, sorted and deleted", async ({ visit, expectedProblems }) => {
  // The address of a deleted file.
  expectedProblems.push(/status of 404/);
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  // One after another, so that their order by age is certain.
  await choose(page, [png("photo.png", 200, 100, true)]);
  await waitForReady(page, 1);
  await choose(page, [text("notes.txt", "some notes")]);
  await waitForReady(page, 2);
  await ask(page, "Keep these");
  await waitForAnswer(page, "complete");
  const chat = page.url();
  await choose(page, [text("draft.txt", "not sent yet")]);
  await waitForReady(page, 1);

  await gotoAlive(page, "/settings/files");
  const names = () =>
    page
      .getByRole("main")
      .getByRole("link", { name: /\.(png|txt)$/ })
      .allInnerTexts();
  expect(await names()).toEqual(["draft.txt", "notes.txt", "photo.png"]);
  await page.getByRole("link", { name: "Largest" }).click();
  await expect.poll(names).toEqual(["photo.png", "draft.txt", "notes.txt"]);
  await page.getByText(/KB of 1,000 MB used/).waitFor();
  expect(await row(page, "draft.txt").innerText()).toContain("Not used in any message");
  await row(page, "photo.png").getByRole("link", { name: "Keep these" }).waitFor();
  await expectToFitScreen(page);
  const address = (await page.getByRole("link", { name: "photo.png" }).getAttribute("href")) ?? "";

  await page.getByRole("button", { name: "Delete photo.png" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this file?" });
  await dialog.getByText(/The message that contains it will say so/).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Delete photo.png" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(names).toEqual(["draft.txt", "notes.txt"]);
  await page.getByText(/of 1,000 MB used/).waitFor();
  await page.getByText(/^Files \d+ bytes$/).waitFor();
  expect((await page.request.get(address)).status()).toBe(404);

  await visitAlive(page, chat);
  await questions(page).first().getByText("photo.png").waitFor();
  expect(await questions(page).first().innerText()).toMatch(/photo\.png\s+deleted/);
});

test("without files the page says how to attach one", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await gotoAlive(page, "/settings/files");
  await page.getByText("No files yet").waitFor();
});

test("many files load page by page", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.evaluate(async () => {
    for (let index = 1; index <= 55; index += 1) {
      const form = new FormData();
      form.append("file", new File([`content ${index}`], `file ${index}.txt`));
      await fetch("/trpc/uploads.create", { method: "POST", body: form });
    }
  });
  await gotoAlive(page, "/settings/files");
  const links = page.getByRole("main").getByRole("link", { name: /\.txt$/ });
  expect(await links.count()).toBe(50);
  await page.getByRole("button", { name: "Show more" }).click();
  await links.nth(54).waitFor();
  expect(await page.getByRole("button", { name: "Show more" }).count()).toBe(0);
});
