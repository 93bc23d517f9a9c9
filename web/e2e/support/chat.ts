import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** User actions in the product, by the names that things have for assistive technology. */

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** An account that does not exist yet. */
export function newAccount(): Account {
  return { email: `${randomUUID()}@example.com`, password: "correct horse battery" };
}

/**
 * Signs up in a browser without a session, and waits for the first page. Skips the form, which has
 * tests of its own and would take a fifth of the time of most tests.
 *
 * @returns the account, for logging in elsewhere
 */
export async function signUp(page: Page, account: Account = newAccount()): Promise<Account> {
  const response = await page.request.post("/trpc/auth.signUp", { data: account });
  if (!response.ok()) throw new Error(`The sign-up failed: ${await response.text()}`);
  await visitAlive(page, "/");
  return account;
}

/** Signs up through the form, and waits for the first page. */
export async function signUpByForm(page: Page, account: Account = newAccount()): Promise<Account> {
  await page.goto("/signup");
  await fillCredentials(page, account);
  await untilAlive(page, () => page.getByRole("button", { name: "Sign up" }).click());
  return account;
}

/** Logs in on the current login page, or opens it first. */
export async function logIn(page: Page, account: Account): Promise<void> {
  if (!page.url().includes("/login")) await page.goto("/login");
  await fillCredentials(page, account);
  await untilAlive(page, () => page.getByRole("button", { name: "Log in" }).click());
}

/** Logs in without the form, and without opening a page. */
export async function logInByRequest(page: Page, account: Account): Promise<void> {
  // The API takes a request with a cookie only from a page of the site.
  const headers = page.url().startsWith("http") ? { origin: new URL(page.url()).origin } : {};
  const response = await page.request.post("/trpc/auth.logIn", { data: account, headers });
  if (!response.ok()) throw new Error(`The login failed: ${await response.text()}`);
}

/** Continues as a guest from the login page. */
export async function startAsGuest(page: Page): Promise<void> {
  await page.goto("/login");
  await untilAlive(page, () => page.getByRole("button", { name: "Continue as guest" }).click());
}

/** Waits until the opening page listens for news: from then on its scripts respond to clicks. */
async function untilAlive(page: Page, press: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForRequest(/chats\.watch/), press()]);
  await textbox(page).waitFor();
}

/** Opens an address, and waits until its scripts respond to clicks. */
export async function visitAlive(page: Page, address: string): Promise<void> {
  await untilAlive(page, async () => {
    await page.goto(address);
  });
}

/** Reloads a page with a message box, and waits until its scripts respond to clicks. */
export async function reloadAlive(page: Page): Promise<void> {
  await untilAlive(page, async () => {
    await page.reload();
  });
}

/** Opens an address without a message box, and waits until its scripts respond to clicks. */
export async function gotoAlive(page: Page, address: string): Promise<void> {
  await Promise.all([page.waitForRequest(/chats\.watch/), page.goto(address)]);
}

/** Fills in the form of the login or sign-up page, without submitting it. */
export async function fillCredentials(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

export function textbox(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

/** Opens a new chat, and waits until the messages of the chat before it are gone. */
export async function openNewChat(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New chat" }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  await answers(page).first().waitFor({ state: "detached" });
}

/** Sends a question, and waits until its answer appears and the chat has its address. */
export async function ask(page: Page, question: string): Promise<void> {
  const before = await answers(page).count();
  await textbox(page).fill(question);
  await page.getByRole("button", { name: "Send message" }).click();
  await answers(page).nth(before).waitFor();
  await page.waitForURL(/\/chat\/[\w-]+($|\?)/);
}

export type AnswerStatus = "streaming" | "complete" | "stopped" | "interrupted" | "failed";

/** All answers on the page, or those in one state. */
export function answers(page: Page, status?: AnswerStatus): Locator {
  const state = status ? `[data-status="${status}"]` : "";
  return page.locator(`article[data-role="assistant"]${state}`);
}

export function questions(page: Page): Locator {
  return page.locator('article[data-role="user"]');
}

/** Waits until the last answer has ended in this state. @param timeout in milliseconds */
export async function waitForAnswer(
  page: Page,
  status: AnswerStatus,
  timeout = 60_000,
): Promise<void> {
  const isSo = page.locator(`[data-status="${status}"]`);
  await answers(page).last().and(isSo).waitFor({ timeout });
}

/** Waits until the last answer shows this text while it is being written. */
export async function waitForText(page: Page, text: string | RegExp): Promise<void> {
  await answers(page).filter({ hasText: text }).last().waitFor();
}

/** The whole numbers in the last answer, in order. */
export async function numbersInAnswer(page: Page): Promise<number[]> {
  const text = await answers(page).last().locator("p").allInnerTexts();
  return (text.join(" ").match(/\d+/g) ?? []).map(Number);
}

/** The line that says that the connection to an answer is lost for now. */
export function reconnecting(page: Page): Locator {
  return page.getByRole("status").filter({ hasText: "Reconnecting…" });
}

/** The sidebar's rows of chats with a live answer. */
export function chatsBeingAnswered(page: Page): Locator {
  const mark = page.getByRole("img", { name: "being answered" });
  return page
    .getByRole("navigation", { name: "Chats" })
    .getByRole("listitem")
    .filter({ has: mark });
}

/** Creates an API token on its page, with the scopes of these names. */
export async function createToken(page: Page, name: string, scopes: string[]): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  for (const scope of scopes) await page.getByLabel(scope, { exact: true }).check();
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByRole("heading", { name: `“${name}” is ready` }).waitFor();
}

/** 1, 2, … last */
export function countTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** A phone's size. By default a browser has the size of a laptop. */
export const phone = { width: 390, height: 844 } as const;

/** The two sizes in which the product is checked. */
export const viewports = [{ width: 1280, height: 800 }, phone] as const;

/** Sends a new version of the question at this index. */
export async function edit(page: Page, index: number, text: string): Promise<void> {
  const question = questions(page).nth(index);
  await question.hover();
  await question.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.fill(text);
  // On a touch screen Enter alone adds a line.
  await editor.press("Control+Enter");
  await questions(page).nth(index).filter({ hasText: text }).waitFor();
}

/** The line that says why an action failed. */
export function problem(page: Page): Locator {
  return page.getByRole("alert").filter({ hasText: /\S/ });
}

/** The rows of the sidebar. */
export function chatRows(page: Page): Locator {
  return page.getByRole("navigation", { name: "Chats" }).getByRole("listitem");
}

/** On a phone the sidebar is behind a button. */
export async function showSidebar(page: Page): Promise<void> {
  const opener = page.getByRole("button", { name: "Open menu" });
  if (!(await opener.isVisible())) return;
  const drawer = page.getByRole("dialog", { name: "Menu" });
  // Again, because a press does nothing before the page's scripts run.
  await expect
    .poll(async () => {
      if (!(await drawer.isVisible())) await opener.click();
      return drawer.isVisible();
    })
    .toBe(true);
}

/** Chooses an item from the menu of a chat in the sidebar. */
export async function chooseForChat(page: Page, title: string, item: string): Promise<void> {
  await showSidebar(page);
  const row = chatRows(page).filter({ hasText: title });
  await row.hover();
  await row.getByRole("button", { name: /^Options for/ }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Regenerates the last answer with its own model. */
export async function tryAgain(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Try again" }).last().click();
  await page.getByRole("menuitem", { name: "Try again" }).click();
}

/** Checks at both sizes that the page is no wider than the screen. */
export async function expectToFitScreen(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const viewport of viewports) {
    await page.setViewportSize(viewport);
    const width = () => page.evaluate("document.documentElement.scrollWidth");
    await expect.poll(width).toBe(viewport.width);
  }
  if (before) await page.setViewportSize(before);
}

/** The dialog that shares a chat. */
export function shareDialog(page: Page): Locator {
  return page.getByRole("dialog", { name: /^Share/ });
}

/** Makes the only chat public. @returns the path of its public page */
export async function shareChat(page: Page): Promise<string> {
  await showSidebar(page);
  await chatRows(page).first().hover();
  await page.getByRole("button", { name: /^Options for/ }).click();
  await page.getByRole("menuitem", { name: "Share" }).click();
  const dialog = shareDialog(page);
  await dialog.getByRole("button", { name: "Create link" }).click();
  await dialog.getByRole("button", { name: "Copy link" }).waitFor();
  const link = await dialog
    .getByRole("link", { name: "Open the public page" })
    .getAttribute("href");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return new URL(link ?? "").pathname;
}
