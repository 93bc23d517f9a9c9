import { expect, inject } from "vitest";
import { answers, ask, signUp, waitForAnswer, waitForText } from "./support/chat.ts";
import { choose, png, waitForReady } from "./support/files.ts";
import type { MockConnection } from "./support/gemini-mock.ts";
import { test } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

// The whole path from the browser to the provider's wire protocol, which a mock speaks.

const baseURL = inject("geminiUrl");

/** The states of the requests for streamed answers, oldest first. */
async function streamedAnswers(): Promise<MockConnection["state"][]> {
  const response = await fetch(`${inject("geminiMockUrl")}/connections`);
  const connections = (await response.json()) as MockConnection[];
  return connections
    .filter(({ path }) => path.includes(":streamGenerateContent"))
    .map(({ state }) => state);
}

test("an answer of the provider arrives with its reasoning", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "Please say hello.");
  await waitForAnswer(page, "complete");
  await waitForText(page, "Hello from the wire.");
  await page.reload();
  await waitForText(page, "Hello from the wire.");
  expect(await answers(page, "complete").count()).toBe(1);
  await answers(page)
    .getByRole("button", { name: /^Thought for / })
    .click();
  await answers(page).getByText("A greeting is called for.").waitFor();
});

test("an answer of the provider continues through a reload", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "Please speak for a while.");
  await waitForText(page, /\bword5\b/);
  expect(await answers(page, "streaming").count()).toBe(1);
  await page.reload();
  await waitForAnswer(page, "complete", 60_000);
  const words = (await answers(page).last().innerText()).match(/word\d+/g);
  expect(words).toEqual(Array.from({ length: 400 }, (_, index) => `word${index + 1}`));
});

test("Stop in a second browser closes the provider's connection", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  const before = (await streamedAnswers()).length;
  await ask(first.page, "Please never end.");
  const second = await openElsewhere(visit, { baseURL }, first, account);
  await waitForText(second.page, /\bword1\b/);
  expect((await streamedAnswers()).slice(before)).toEqual(["open"]);

  await second.page.getByRole("button", { name: "Stop generating" }).click();
  for (const { page } of [first, second]) await waitForAnswer(page, "stopped");
  await expect.poll(async () => (await streamedAnswers()).slice(before)).toEqual(["left"]);
});

test("a used-up quota is reported in our own sentence, not the provider's", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "Please use up the quota.");
  await waitForAnswer(page, "failed", 60_000);
  const shown = await answers(page).last().innerText();
  expect(shown).toMatch(/limit|quota/i);
  expect(shown).not.toMatch(/RESOURCE_EXHAUSTED|429|\{/);
});

test("an attached picture reaches the provider byte for byte", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const picture = png("on the wire.png", 20, 10);
  await choose(page, [picture]);
  await waitForReady(page, 1);
  await ask(page, "Please say hello to this picture.");
  await waitForAnswer(page, "complete");
  const response = await fetch(`${inject("geminiMockUrl")}/wire`);
  const bodies = ((await response.json()) as string[]).filter((body) =>
    body.includes("this picture"),
  );
  const data = picture.buffer.toString("base64");
  expect(bodies.some((body) => body.includes(`"data":"${data}"`))).toBe(true);
});
