import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  chatRows,
  countTo,
  fillCredentials,
  newAccount,
  numbersInAnswer,
  phone,
  showSidebar,
  signUp,
  startAsGuest,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

/** Asks in three chats: two finish, and the third's answer is in progress. */
async function askThrice(page: Page): Promise<void> {
  for (const question of ["count to 3", "count to 5"]) {
    await page.goto("/");
    await ask(page, question);
    await waitForAnswer(page, "complete");
  }
  await page.goto("/");
  await ask(page, "count to 400");
  await waitForText(page, /\b20\b/);
}

/** Expects the whole answer in this chat, and all chats in the sidebar. */
async function expectAllThere(page: Page, address: string, chatCount: number): Promise<void> {
  await page.goto(address);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(400));
  await showSidebar(page);
  await expect.poll(() => chatRows(page).count()).toBe(chatCount);
}

test("a guest starts with one click, asks, and signs up in mid-answer", async ({ visit }) => {
  const { page, openTab } = await visit({ baseURL, viewport: phone });
  await startAsGuest(page);
  await askThrice(page);
  const address = page.url();
  await showSidebar(page);
  await page.getByRole("link", { name: "Sign up" }).click();
  await page.getByText("Keep your guest chats on all your devices").waitFor();
  const account = newAccount();
  await fillCredentials(page, account);
  await page.getByRole("button", { name: "Sign up" }).click();
  await textbox(page).waitFor();
  await expectAllThere(page, address, 3);
  await page.getByRole("button", { name: account.email }).waitFor();
  expect(await page.getByText("You’re using a guest account").count()).toBe(0);

  const later = await openTab();
  await later.goto("/login");
  await textbox(later).waitFor();
});

test("a guest logs in to an account in mid-answer, and finds all chats there", async ({
  visit,
}) => {
  const home = await visit({ baseURL });
  const account = await signUp(home.page);
  await ask(home.page, "count to 2");
  await waitForAnswer(home.page, "complete");

  const { page } = await visit({ baseURL, viewport: phone });
  await startAsGuest(page);
  await askThrice(page);
  const address = page.url();
  await showSidebar(page);
  await page.getByRole("link", { name: "log in" }).click();
  await page.getByText("Log in to move your guest chats").waitFor();
  await fillCredentials(page, account);
  await page.getByRole("button", { name: "Log in" }).click();
  await textbox(page).waitFor();
  await expectAllThere(page, address, 4);
  await expectAllThere(home.page, address, 4);
});

test("a guest must confirm a logout", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await startAsGuest(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await showSidebar(page);
  await page.getByRole("button", { name: "Log out" }).click();
  const dialog = page.getByRole("dialog", { name: "Log out and lose your chats?" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Log out" }).click();
  await dialog.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/login");
  await page.goto("/");
  expect(new URL(page.url()).pathname).toBe("/login");
});

test("a visitor sent to the login page continues as a guest to the requested page, without scripts", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL, javaScriptEnabled: false });
  await page.goto("/?query=count+to+3");
  expect(new URL(page.url()).pathname).toBe("/login");
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.waitForURL("**/?query=count+to+3");
  await page.goto("/login");
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await page.getByText("You’re using a guest account").waitFor();
});
