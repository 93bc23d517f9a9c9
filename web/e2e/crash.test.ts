import type { Page } from "playwright-core";
import { expect } from "vitest";
import {
  answers,
  ask,
  countTo,
  numbersInAnswer,
  reconnecting,
  signUp,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { ownStack } from "./support/own-stack.ts";
import { networkProblem, test } from "./support/test.ts";

const stack = ownStack("crash", () => ({ DEMO_TOKENS_PER_SECOND: "100" }));

/** The line under the last answer that says that it went on by itself. */
function restartNote(page: Page) {
  return answers(page).last().getByText("This answer was interrupted and continued automatically.");
}

test("when the whole process dies in mid-answer, no text that was seen is lost", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, openTab } = await visit({ baseURL: stack().url });
  await signUp(page);
  await ask(page, "count to 5000");
  await waitForText(page, /\b100\b/);
  await stack().crash();
  const seen = await numbersInAnswer(page);
  const address = page.url();

  await stack().restart();
  const later = await openTab();
  await later.goto(address);
  // The answer goes on by itself, and can be stopped as before.
  await restartNote(later).waitFor();
  await later.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(later, "stopped");
  const kept = await numbersInAnswer(later);
  expect(kept).toEqual(countTo(kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(seen.length);

  await ask(later, "count to 3");
  await waitForAnswer(later, "complete");
  expect(await numbersInAnswer(later)).toEqual(countTo(3));
});

test("on a page that is open during a crash the answer goes on by itself, and says so for good", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL: stack().url });
  await signUp(page);
  await ask(page, "count to 600");
  await waitForText(page, /\b100\b/);
  await stack().crash();
  await reconnecting(page).waitFor();
  const seen = await numbersInAnswer(page);
  expect(seen.length).toBeLessThan(600);

  await stack().restart();
  await page
    .locator("[aria-live=polite]")
    .filter({ hasText: "interrupted and continued automatically" })
    .waitFor({ state: "attached" });
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(600));
  expect(await restartNote(page).count()).toBe(1);

  await page.reload();
  await restartNote(page).waitFor();
  expect(await numbersInAnswer(page)).toEqual(countTo(600));
  await page.getByRole("button", { name: "Message details" }).last().click();
  await page
    .getByRole("region", { name: "Message details" })
    .getByText("Once, continued automatically")
    .waitFor();
});
