import { expect, inject } from "vitest";
import { ask, phone, problem, signUp, waitForAnswer } from "./support/chat.ts";
import { test } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

test("the weather tool asks first, also after a reload and on a second device", async ({
  visit,
}) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await ask(first.page, "weather in Paris");
  await waitForAnswer(first.page, "complete");
  const question = { name: "Check the weather in Paris?" };
  await first.page.getByRole("region", question).waitFor();
  await first.page.reload();
  await first.page.getByRole("region", question).waitFor();

  const second = await openElsewhere(visit, { baseURL, viewport: phone }, first, account);
  await second.page.getByRole("button", { name: "Allow" }).click();
  for (const { page } of [first, second]) {
    const card = page.getByRole("region", { name: "Weather in Paris, France" });
    await card.getByText("18°").first().waitFor();
    await card.getByText("−2°").waitFor();
    await waitForAnswer(page, "complete");
    expect(await page.getByRole("region", question).count()).toBe(0);
    expect(await problem(page).count()).toBe(0);
  }
  await first.page.reload();
  await first.page.getByRole("region", { name: "Weather in Paris, France" }).waitFor();
});

test("a denied tool is not used, and the answer continues", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "weather in Paris");
  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByRole("button", { name: /Weather in Paris · not allowed/ }).waitFor();
  await waitForAnswer(page, "complete");
  expect(await page.getByRole("region", { name: "Weather in Paris, France" }).count()).toBe(0);
  await page.reload();
  await page.getByRole("button", { name: /not allowed/ }).waitFor();
});

test("a tool that fails says why", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "weather in Nowhere");
  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByRole("button", { name: /No place called "Nowhere" was found/ }).waitFor();
  await waitForAnswer(page, "complete");
});

test("a tool's input and result expand from one line", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "calculate 2^10");
  const line = page.getByRole("button", { name: "2^10 = 1024" });
  await line.waitFor();
  expect(await line.getAttribute("aria-expanded")).toBe("false");
  await line.press("Enter");
  await page.getByText("Input", { exact: true }).waitFor();
  await page.getByText("Result", { exact: true }).waitFor();
  await ask(page, "what time is it in Asia/Tokyo");
  await page.getByRole("button", { name: /^Time in Tokyo: .*\d\d:\d\d/ }).waitFor();
});

test("reasoning is open while it streams, and collapses to a line with its duration", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "think about the sea");
  await waitForAnswer(page, "complete");
  const line = page.getByRole("button", { name: /^Thought for \d+ s$/ });
  expect(await line.getAttribute("aria-expanded")).toBe("false");
  await line.click();
  expect(await line.getAttribute("aria-expanded")).toBe("true");
  await page.reload();
  expect(await line.getAttribute("aria-expanded")).toBe("false");
});
