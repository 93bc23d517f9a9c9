import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  chatsBeingAnswered,
  countTo,
  numbersInAnswer,
  questions,
  signUp,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";
import { chatInTwoBrowsers, openElsewhere } from "./support/two-browsers.ts";
import { setVisibility } from "./support/visibility.ts";

const baseURL = inject("demoUrl");

/** Sends a message on one page. It must appear on the other page, which stays untouched. */
async function expectToFollow(sender: Page, watcher: Page): Promise<void> {
  await textbox(sender).fill("count to 1000");
  await textbox(sender).press("Enter");
  await questions(watcher).filter({ hasText: "count to 1000" }).waitFor();
  await answers(watcher, "streaming").waitFor();
  await waitForText(watcher, /\b50\b/);
  expect(await answers(watcher, "streaming").count()).toBe(1);
  for (const page of [sender, watcher]) {
    await waitForAnswer(page, "complete");
    expect(await numbersInAnswer(page)).toEqual(countTo(1000));
    expect(await questions(page).count()).toBe(2);
    expect(await answers(page).count()).toBe(2);
  }
}

test("a message sent in one tab appears in the other, and its answer grows there", async ({
  visit,
}) => {
  const { page, openTab } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const other = await openTab();
  await other.goto(page.url());
  await waitForAnswer(other, "complete");
  await expectToFollow(page, other);
});

test("a message sent on one device appears on the other, both ways", async ({ visit }) => {
  const [first, second] = await chatInTwoBrowsers(visit, { baseURL });
  await expectToFollow(second.page, first.page);

  await textbox(first.page).fill("count to 5");
  await textbox(first.page).press("Enter");
  await answers(second.page).nth(2).waitFor();
  await waitForAnswer(second.page, "complete");
  expect(await numbersInAnswer(second.page)).toEqual(countTo(5));
});

test("the sidebar marks a chat while it is answered on another device", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  const second = await openElsewhere(visit, { baseURL }, first, account);

  await ask(first.page, "count to 5000");
  await chatsBeingAnswered(second.page).waitFor();
  await chatsBeingAnswered(first.page).waitFor();
  expect(await answers(first.page, "streaming").count()).toBe(1);
  // A page that opens in mid-answer learns it from the snapshot.
  await second.page.reload();
  await chatsBeingAnswered(second.page).waitFor();

  await first.page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(first.page, "stopped");
  for (const { page } of [first, second]) {
    await chatsBeingAnswered(page).waitFor({ state: "hidden" });
  }
});

test("a chat deleted elsewhere shows a notice, and its draft is kept", async ({ visit }) => {
  const [first, second] = await chatInTwoBrowsers(visit, { baseURL });
  await textbox(second.page).fill("Not sent yet");

  await first.page.getByRole("button", { name: /^Options for/ }).click();
  await first.page.getByRole("menuitem", { name: "Delete" }).click();
  await first.page.waitForURL(`${baseURL}/`);

  await second.page.getByRole("heading", { name: "This chat was deleted" }).waitFor();
  expect(await second.page.getByRole("heading", { name: /Today/ }).count()).toBe(0);
  await second.page.getByRole("link", { name: "Start a new chat" }).click();
  await second.page.waitForURL(`${baseURL}/`);
  await expect.poll(() => textbox(second.page).inputValue()).toBe("Not sent yet");
  expect(await first.page.getByRole("heading", { name: /was deleted/ }).count()).toBe(0);
});

test("when all chats are deleted, the open one says so and the list is empty", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  // As another device would do it; the page has no button for this.
  const status = await page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    return (await fetch("/trpc/chats.deleteAll", { method: "POST", headers })).status;
  });
  expect(status).toBe(200);
  await page.getByRole("heading", { name: "This chat was deleted" }).waitFor();
  await page.getByText("Your chats will appear here.").waitFor();
});

test("a new title appears on the other device, in the sidebar and the window", async ({
  visit,
}) => {
  const [first, second] = await chatInTwoBrowsers(visit, { baseURL });

  await first.page.getByRole("button", { name: /^Options for/ }).click();
  await first.page.getByRole("menuitem", { name: "Rename" }).click();
  const field = first.page.getByRole("textbox", { name: "Chat title" });
  await field.fill("From one to three");
  await field.press("Enter");
  await second.page.getByRole("link", { name: "From one to three" }).waitFor();
  await expect.poll(() => second.page.title()).toContain("From one to three");
});

test("a hidden page has no connection for news, and catches up when it is shown", async ({
  visit,
}) => {
  const [first, { page }] = await chatInTwoBrowsers(visit, { baseURL });
  const isNews = (request: { url(): string }) => request.url().includes("chats.watch");

  const isClosed = page.waitForEvent("requestfailed", isNews);
  await setVisibility(page, "hidden");
  await isClosed;
  await ask(first.page, "count to 4");
  await waitForAnswer(first.page, "complete");
  expect(await answers(page).count()).toBe(1);

  await setVisibility(page, "visible");
  await answers(page).nth(1).waitFor();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(4));
});
