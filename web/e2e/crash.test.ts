import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { type Stack, startStack } from "../../scripts/lib/stack.ts";
import {
  ask,
  countTo,
  numbersInAnswer,
  signUp,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const directory = mkdtempSync(join(tmpdir(), "e2e-crash-"));
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    webPort: await findFreePort(),
    stateDir: directory,
    vars: { DEMO_TOKENS_PER_SECOND: "100" },
    withoutRateLimits: true,
  });
});

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test("when the whole process dies in mid-answer, nothing that was seen is lost", async ({
  visit,
  expectedProblems,
}) => {
  // The page notices that the server has gone.
  expectedProblems.push(/net::ERR_|Failed to load resource|Failed to fetch|network error/i);
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
