import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { type Stack, startStack } from "../../scripts/lib/stack.ts";
import {
  ask,
  countTo,
  numbersInAnswer,
  reconnecting,
  signUp,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { networkProblem, test } from "./support/test.ts";

const directory = mkdtempSync(join(tmpdir(), "e2e-crash-"));
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    port: await findFreePort(),
    stateDir: directory,
    copyOf: inject("emptyStorage"),
    build: inject("build"),
    vars: { DEMO_TOKENS_PER_SECOND: "100" },
    withoutRateLimits: true,
  });
});

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test("when the whole process dies in mid-answer, no text that was seen is lost", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, openTab } = await visit({ baseURL: stack.url });
  await signUp(page);
  await ask(page, "count to 5000");
  await waitForText(page, /\b100\b/);
  await stack.crash();
  const seen = await numbersInAnswer(page);
  const address = page.url();

  await stack.restart();
  const later = await openTab();
  await later.goto(address);
  await waitForAnswer(later, "interrupted");
  const kept = await numbersInAnswer(later);
  expect(kept).toEqual(countTo(kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(seen.length);

  await ask(later, "count to 3");
  await waitForAnswer(later, "complete");
  expect(await numbersInAnswer(later)).toEqual(countTo(3));
});

test("a page that is open during a crash finds the answer by itself and can continue it", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL: stack.url });
  await signUp(page);
  await ask(page, "count to 1500");
  await waitForText(page, /\b100\b/);
  await stack.crash();
  await reconnecting(page).waitFor();
  const seen = await numbersInAnswer(page);

  await stack.restart();
  await waitForAnswer(page, "interrupted");
  const kept = await numbersInAnswer(page);
  expect(kept).toEqual(countTo(kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(seen.length);
  expect(kept.length).toBeLessThan(1500);

  await page.getByRole("button", { name: "Continue" }).click();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(1500));
});
