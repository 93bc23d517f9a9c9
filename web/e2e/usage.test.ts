import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  phone,
  problem,
  showSidebar,
  signUp,
  textbox,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
/** On a busy machine an answer's end may take a while. */
const patience = { timeout: 20_000 };

/**
 * Sends this many messages as fast as the worker accepts them, each in a new chat.
 *
 * @returns the HTTP status of each response
 */
async function sendMany(page: Page, count: number): Promise<number[]> {
  return page.evaluate(async (wanted) => {
    const statuses: number[] = [];
    for (let sent = 0; sent < wanted; sent += 1) {
      const message = {
        id: crypto.randomUUID(),
        parts: [{ type: "text", text: "count to 1" }],
      };
      const response = await fetch("/trpc/messages.send", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ chatId: crypto.randomUUID(), message }),
      });
      statuses.push(response.status);
    }
    return statuses;
  }, count);
}

function rows(page: Page) {
  return page.getByRole("table").locator("tbody tr");
}

test("usage is shown by day and model", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone, timezoneId: "Asia/Tokyo" });
  const { email } = await signUp(page);
  await showSidebar(page);
  await page.getByRole("button", { name: `Account and theme: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Usage" }).click();
  await page.getByText("No usage in the last 30 days.").waitFor();
  await page.getByText("100 of 100 messages left").waitFor();
  // Midnight UTC.
  await page.getByText(/Resets .*9:00\sAM/).waitFor();

  await page.getByRole("link", { name: "Ask something" }).click();
  await ask(page, "count to 20");
  await waitForAnswer(page, "complete");
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  // The answer's end reaches the database a little after the page.
  await expect
    .poll(async () => {
      await page.goto("/settings/usage");
      return rows(page).allInnerTexts();
    }, patience)
    .toEqual([expect.stringMatching(/\d{4}\s+demo\s+2\s+[\d,]+\s+[\d,]+$/)]);
  await page.getByText("98 of 100 messages left").waitFor();
  await page.getByRole("img", { name: /^Tokens by day/ }).waitFor();
  expect(await page.getByRole("row", { name: /^Total/ }).innerText()).toMatch(/\s2\s/);

  await page.getByRole("link", { name: "7 days" }).click();
  await page.waitForURL(/\?days=7$/);
  await rows(page).first().waitFor();
  await page.reload();
  expect(await page.getByRole("link", { name: "7 days" }).getAttribute("aria-current")).toBe(
    "true",
  );
});

test("a guest who reaches the daily limit keeps the text, and is told when and how to continue", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 429/);
  const { page } = await visit({ baseURL, timezoneId: "Asia/Tokyo" });
  await page.goto("/login");
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await textbox(page).waitFor();
  await ask(page, "count to 1");
  await waitForAnswer(page, "complete");
  expect(await sendMany(page, 20)).toEqual([...Array(19).fill(200), 429]);

  await textbox(page).fill("one more, please");
  await page.getByRole("button", { name: "Send message" }).click();
  const note = problem(page).filter({ hasText: "You’ve reached today’s limit" });
  await note.filter({ hasText: /It resets .*9:00\sAM/ }).waitFor();
  await note.getByRole("link", { name: "Sign up" }).waitFor();
  await expect.poll(() => textbox(page).inputValue(), patience).toBe("one more, please");
  expect(await answers(page).count()).toBe(1);

  await page.goto("/settings/usage");
  await page.getByText("0 of 20 messages left").waitFor();
  await page.getByText("Want to keep chatting?").waitFor();
  expect(await page.getByRole("link", { name: "API tokens" }).count()).toBe(0);
  await page.getByRole("link", { name: "Import and export" }).click();
  await page.getByText("deleted after a period of inactivity").waitFor();
});

test("an account at the daily limit is led to the usage page, and keeps the text too", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 429/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const data = {
    ...{ code: "TOO_MANY_REQUESTS", httpStatus: 429, errorCode: "RATE_LIMITED" },
    ...{ requestId: "r", limit: "day", retryAfterSeconds: 3_600 },
  };
  await page.route(/messages\.send/, (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/json",
      body: JSON.stringify({ error: { message: "No more today.", code: -32_029, data } }),
    }),
  );
  await textbox(page).fill("hello");
  await textbox(page).press("Enter");
  await problem(page).filter({ hasText: "You’ve reached today’s limit. It resets" }).waitFor();
  await expect.poll(() => textbox(page).inputValue(), patience).toBe("hello");
  await page.getByRole("link", { name: "View usage" }).click();
  await page.getByRole("heading", { name: "Usage" }).waitFor();
});

test("a message that does not fit into the storage is kept, and leads to what is stored", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 413/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const data = {
    ...{ code: "PAYLOAD_TOO_LARGE", httpStatus: 413, errorCode: "TOO_LARGE" },
    ...{ requestId: "r", limit: "storage" },
  };
  await page.route(/messages\.send/, (route) =>
    route.fulfill({
      status: 413,
      contentType: "application/json",
      body: JSON.stringify({ error: { message: "Not enough storage.", code: -32_013, data } }),
    }),
  );
  await textbox(page).fill("hello");
  await textbox(page).press("Enter");
  await problem(page).filter({ hasText: "Not enough storage." }).waitFor();
  await expect.poll(() => textbox(page).inputValue(), patience).toBe("hello");
  await page.getByRole("link", { name: "View storage" }).click();
  await page.getByRole("heading", { name: "Storage" }).waitFor();
  await page.getByText(/^[\d.]+ (KB|bytes) of 1,000 MB used$/).waitFor();
  await page.getByText("2 of 200,000 messages kept").waitFor();
  await page.getByRole("link", { name: "your largest files" }).click();
  // The same figure.
  await page.getByText(/^[\d.]+ (KB|bytes) of 1,000 MB used$/).waitFor();
});

test("usage that fails to load says so, and can be retried", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 500/);
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  const isUsage = /account\.usage/;
  await page.route(isUsage, (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.getByRole("button", { name: email }).click();
  await page.getByRole("menuitem", { name: "Usage" }).click();
  await page.getByRole("status").filter({ hasText: "Loading usage" }).waitFor();
  await problem(page).filter({ hasText: "Can’t reach the server" }).waitFor();
  await page.unroute(isUsage);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No usage in the last 30 days.").waitFor();
});

test("the settings' address leads to their first page", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.goto("/settings");
  await page.waitForURL(/\/settings\/usage$/);
});
