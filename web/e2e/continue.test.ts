import { expect, inject } from "vitest";
import {
  answers,
  ask,
  countTo,
  numbersInAnswer,
  signUp,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

test("a stopped answer continues in place from where it stopped", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 1000");
  await waitForText(page, /\b100\b/);
  await page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(page, "stopped");
  const kept = await numbersInAnswer(page);
  expect(kept.length).toBeLessThan(1000);
  const id = await answers(page).last().getAttribute("data-message-id");

  // The second click finds the button gone.
  await page.getByRole("button", { name: "Continue" }).dblclick();
  await page.getByRole("button", { name: "Stop generating" }).waitFor();
  expect((await numbersInAnswer(page)).slice(0, kept.length)).toEqual(kept);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(1000));
  expect(await answers(page).count()).toBe(1);
  expect(await answers(page).last().getAttribute("data-message-id")).toBe(id);
  expect(await page.getByRole("alert").filter({ hasText: /\S/ }).count()).toBe(0);

  await page.reload();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(1000));
});

test("a continued answer never gets shorter on the screen", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 1000");
  await waitForText(page, /\b100\b/);
  await page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(page, "stopped");
  await page.evaluate(() => {
    const answer = document.querySelector('article[data-role="assistant"]');
    const text = () => (answer?.querySelector(".md") as HTMLElement | null)?.innerText.length ?? 0;
    const lengths = [text()];
    Object.assign(window, { lengths });
    new MutationObserver(() => lengths.push(text())).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await page.getByRole("button", { name: "Continue" }).click();
  await waitForAnswer(page, "complete");
  const lengths = await page.evaluate(() => (window as unknown as { lengths: number[] }).lengths);
  expect(lengths.length).toBeGreaterThan(5);
  expect(lengths).toEqual(lengths.toSorted((first, second) => first - second));
});

test("an answer continued in a second browser grows in the first", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await ask(first.page, "count to 1000");
  await waitForText(first.page, /\b50\b/);
  await first.page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(first.page, "stopped");

  const second = await openElsewhere(visit, { baseURL }, first, account);
  await second.page.getByRole("button", { name: "Continue" }).click();
  for (const { page } of [first, second]) {
    await waitForAnswer(page, "complete");
    expect(await numbersInAnswer(page)).toEqual(countTo(1000));
  }
});

test("an answer with later messages cannot be continued", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 5000");
  await waitForText(page, /\b20\b/);
  await page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(page, "stopped");
  await textbox(page).fill("count to 3");
  await textbox(page).press("Enter");
  await answers(page).nth(1).waitFor();
  await waitForAnswer(page, "complete");
  expect(await page.getByRole("button", { name: "Continue" }).count()).toBe(0);
});
