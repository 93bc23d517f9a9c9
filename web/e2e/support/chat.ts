import { randomUUID } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** What a person does in the product, by the names that things have for assistive technology. */

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** An account that does not exist yet. */
export function newAccount(): Account {
  return { email: `${randomUUID()}@example.com`, password: "correct horse battery" };
}

/**
 * Signs up in a browser without a login, and waits for the first page. Without the form,
 * which has tests of its own: it would be a fifth of what most tests do.
 *
 * @returns the account, for logging in elsewhere
 */
export async function signUp(page: Page, account: Account = newAccount()): Promise<Account> {
  const response = await page.request.post("/trpc/auth.signUp", { data: account });
  if (!response.ok()) throw new Error(`The sign-up failed: ${await response.text()}`);
  await visitAlive(page, "/");
  return account;
}

/** Signs up with the form, and waits for the first page. */
export async function signUpByForm(page: Page, account: Account = newAccount()): Promise<Account> {
  await page.goto("/signup");
  await fillCredentials(page, account);
  await untilAlive(page, () => page.getByRole("button", { name: "Sign up" }).click());
  return account;
}

/** Logs in on the login page at hand, or goes there. */
export async function logIn(page: Page, account: Account): Promise<void> {
  if (!page.url().includes("/login")) await page.goto("/login");
  await fillCredentials(page, account);
  await untilAlive(page, () => page.getByRole("button", { name: "Log in" }).click());
}

/** Logs in without the form. Opens no page. */
export async function logInByRequest(page: Page, account: Account): Promise<void> {
  const response = await page.request.post("/trpc/auth.logIn", { data: account });
  if (!response.ok()) throw new Error(`The login failed: ${await response.text()}`);
}

/** Goes on as a guest from the login page. */
export async function startAsGuest(page: Page): Promise<void> {
  await page.goto("/login");
  await untilAlive(page, () => page.getByRole("button", { name: "Continue as guest" }).click());
}

/** Waits until the page that comes up listens for news: from then on its scripts answer to a press. */
async function untilAlive(page: Page, press: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForRequest(/chats\.watch/), press()]);
  await textbox(page).waitFor();
}

/** Opens an address, and waits until its scripts answer to a press. */
export async function visitAlive(page: Page, address: string): Promise<void> {
  await untilAlive(page, async () => {
    await page.goto(address);
  });
}

/** Opens an address without a message box, and waits until its scripts answer to a press. */
export async function gotoAlive(page: Page, address: string): Promise<void> {
  await Promise.all([page.waitForRequest(/chats\.watch/), page.goto(address)]);
}

/** Fills the form of the login or sign-up page, without sending it. */
export async function fillCredentials(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

export function textbox(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

/** Sends a question, and waits until the answer has its place on the page, and the chat its address. */
export async function ask(page: Page, question: string): Promise<void> {
  const before = await answers(page).count();
  await textbox(page).fill(question);
  await page.getByRole("button", { name: "Send message" }).click();
  await answers(page).nth(before).waitFor();
  await page.waitForURL(/\/chat\/[\w-]+$/);
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

/** Waits until the last answer, while it is being written, shows this text. */
export async function waitForText(page: Page, text: string | RegExp): Promise<void> {
  await answers(page).filter({ hasText: text }).last().waitFor();
}

/** The whole numbers in the last answer, in their order on the page. */
export async function numbersInAnswer(page: Page): Promise<number[]> {
  const text = await answers(page).last().locator("p").allInnerTexts();
  return (text.join(" ").match(/\d+/g) ?? []).map(Number);
}

/** The line that says that the connection to an answer is gone for now. */
export function reconnecting(page: Page): Locator {
  return page.getByRole("status").filter({ hasText: "Reconnecting…" });
}

/** The rows of the sidebar whose chats are being answered. */
export function chatsBeingAnswered(page: Page): Locator {
  const mark = page.getByRole("img", { name: "being answered" });
  return page
    .getByRole("navigation", { name: "Chats" })
    .getByRole("listitem")
    .filter({ has: mark });
}

/** Makes an API token on its page, with the scopes of these names. */
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

/** The size of a phone. A browser without a size of its own has that of a laptop. */
export const phone = { width: 390, height: 844 } as const;

/** The two sizes that the product is looked at in. */
export const viewports = [{ width: 1280, height: 800 }, phone] as const;

/** Says the question at this place in other words. */
export async function edit(page: Page, index: number, text: string): Promise<void> {
  const question = questions(page).nth(index);
  await question.hover();
  await question.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.fill(text);
  await editor.press("Enter");
  await questions(page).nth(index).filter({ hasText: text }).waitFor();
}

/** The line that says why something cannot be done now. */
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
  if ((await opener.isVisible()) && (await opener.getAttribute("aria-expanded")) !== "true") {
    await opener.click();
  }
}

/** Chooses from the menu of a chat in the sidebar. */
export async function chooseForChat(page: Page, title: string, item: string): Promise<void> {
  await showSidebar(page);
  const row = chatRows(page).filter({ hasText: title });
  await row.hover();
  await row.getByRole("button", { name: /^Options for/ }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** Lets the last answer be given again by its own model. */
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
