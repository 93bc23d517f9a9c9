import { expect, inject } from "vitest";
import {
  answers,
  ask,
  countTo,
  newAccount,
  numbersInAnswer,
  questions,
  signUp,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

test("an answer continues through a reload until it is complete", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 1000");
  await waitForText(page, /\b50\b/);
  expect(await answers(page, "streaming").count()).toBe(1);

  await page.reload();
  expect(await answers(page, "streaming").count()).toBe(1);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(1000));
  expect(await questions(page).allInnerTexts()).toEqual([expect.stringContaining("count to 1000")]);
});

test("a count to 2000 through two reloads gives every number once, in order", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 2000");
  for (const seen of [/\b300\b/, /\b900\b/]) {
    await waitForText(page, seen);
    expect(await answers(page, "streaming").count()).toBe(1);
    await page.reload();
  }
  await waitForAnswer(page, "complete", 60_000);
  expect(await numbersInAnswer(page)).toEqual(countTo(2000));
});

test("an answer whose tab was closed midway is complete later", async ({ visit }) => {
  const { page, openTab } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 800");
  await waitForText(page, /\b20\b/);
  const address = page.url();
  await page.close();

  const later = await openTab();
  await later.goto("/");
  await textbox(later).waitFor();
  // No page reads the answer now: the page of a new chat does not keep its session.
  await later.goto(address);
  await waitForAnswer(later, "complete");
  expect(await numbersInAnswer(later)).toEqual(countTo(800));
  await later.reload();
  expect(await answers(later, "complete").count()).toBe(1);
});

test("a second browser of the same user shows the same live answer", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await ask(first.page, "count to 800");
  const second = await openElsewhere(visit, { baseURL }, first, account);
  for (const { page } of [first, second]) {
    await waitForAnswer(page, "complete");
    expect(await numbersInAnswer(page)).toEqual(countTo(800));
  }
});

test("Stop in a second browser stops the answer in both", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page, newAccount());
  await ask(first.page, "count to 5000");
  const second = await openElsewhere(visit, { baseURL }, first, account);
  await waitForText(second.page, /\b20\b/);

  await second.page.getByRole("button", { name: "Stop generating" }).click();
  for (const { page } of [first, second]) await waitForAnswer(page, "stopped");
  const kept = await numbersInAnswer(first.page);
  expect(kept).toEqual(countTo(kept.length));
  expect(await numbersInAnswer(second.page)).toEqual(kept);

  await first.page.reload();
  await waitForAnswer(first.page, "stopped");
  expect(await numbersInAnswer(first.page)).toEqual(kept);
});

test("a second question is answered in the same chat", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await textbox(page).fill("count to 4");
  await textbox(page).press("Enter");
  await answers(page).nth(1).waitFor();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(4));
  expect(await questions(page).count()).toBe(2);
});

test("an answer that fails midway keeps its text and says that it failed", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "fail");
  await waitForAnswer(page, "failed");
  // Only the text, without the time in the row below.
  const shown = await answers(page).last().locator(".md").innerText();
  await page.reload();
  await waitForAnswer(page, "failed");
  expect(await answers(page).last().locator(".md").innerText()).toBe(shown);
});
