import type { Page } from "playwright-core";
import { expect } from "vitest";
import {
  answers,
  ask,
  chatRows,
  countTo,
  numbersInAnswer,
  openNewChat,
  signUpByForm,
  visitAlive,
  waitForAnswer,
  waitForText,
} from "./chat.ts";

/**
 * What people do every day, in the pages of the commit that this file belongs to. The test of an
 * older web app takes the file of its commit, if there is one: then names on the screen may change.
 * What the file exports must stay as it is.
 */

/** Signs up, asks, sees the answer grow, begins a second chat, and finds both after a reload. */
export async function beginChats(page: Page): Promise<void> {
  await signUpByForm(page);
  await ask(page, "count to 300");
  await answers(page, "streaming").waitFor();
  await waitForText(page, /\b20\b/);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(300));
  await openNewChat(page);
  await goOn(page, 7);
  await expect.poll(() => chatRows(page).count()).toBe(2);
  await visitAlive(page, page.url());
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(7));
  expect(await chatRows(page).count()).toBe(2);
}

/** Asks in the chat that is open, and reads the answer. */
export async function goOn(page: Page, last: number): Promise<void> {
  await ask(page, `count to ${last}`);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(last));
}

/** Opens the first chat's menu, whose code is loaded late. */
export async function openLatePart(page: Page): Promise<void> {
  await chatRows(page).first().hover();
  await page
    .getByRole("button", { name: /^Options for/ })
    .first()
    .click();
}
