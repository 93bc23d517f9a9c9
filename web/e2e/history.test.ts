import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  chatRows,
  chooseForChat,
  countTo,
  numbersInAnswer,
  phone,
  reloadAlive,
  showSidebar,
  signUp,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

/**
 * Starts a chat with each of these questions, and waits for the answers. The last chat stays open.
 */
async function askInChats(page: Page, questions: readonly string[]): Promise<void> {
  for (const question of questions) {
    await page.goto("/");
    await ask(page, question);
    await waitForAnswer(page, "complete");
  }
}

const group = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Chats" }).getByRole("region", { name });

/** Renames the open chat. */
async function rename(page: Page, title: string): Promise<void> {
  await textbox(page).fill(`/rename ${title}`);
  await textbox(page).press("Enter");
  await expect.poll(() => page.title()).toContain(title);
}

async function askAndName(page: Page, question: string, title: string): Promise<void> {
  await askInChats(page, [question]);
  await rename(page, title);
}

test("a chat is pinned, stays on top, and is unpinned", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await askAndName(page, "count to 2", "Harbour plans");
  await askAndName(page, "count to 3", "Garden notes");
  await chooseForChat(page, "Harbour plans", "Pin");
  await showSidebar(page);
  await group(page, "Pinned").getByText("Harbour plans").waitFor();
  expect(await chatRows(page).filter({ hasText: "Harbour plans" }).count()).toBe(1);
  await reloadAlive(page);
  await showSidebar(page);
  await group(page, "Pinned").getByText("Harbour plans").waitFor();
  await chooseForChat(page, "Harbour plans", "Unpin");
  await group(page, "Pinned").waitFor({ state: "detached" });
  await group(page, "Today").getByText("Harbour plans").waitFor();
});

test("search by keyboard finds a message and opens it", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await askAndName(page, "Where do albatrosses sleep?", "Birds");
  await askAndName(page, "count to 3", "Numbers");
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Search chats" });
  const field = dialog.getByRole("combobox", { name: "Search chats" });
  await field.fill("zebra");
  await dialog.getByText("No results for “zebra”.").waitFor();
  await field.fill("albat");
  const hit = dialog.getByRole("option").filter({ hasText: "You:" }).first();
  await hit.waitFor();
  expect(await hit.locator("mark").first().innerText()).toMatch(/^albat/i);
  while ((await hit.getAttribute("aria-selected")) !== "true") await field.press("ArrowDown");
  // The mark disappears after a few seconds.
  const marked = page.locator('article[data-marked="true"][data-role="user"]');
  await Promise.all([marked.waitFor(), field.press("Enter")]);
  await dialog.waitFor({ state: "detached" });
  expect(await page.title()).toContain("Birds");

  await page.setViewportSize(phone);
  await showSidebar(page);
  await page.getByRole("button", { name: "Search chats" }).click();
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

test("a search stays out of addresses, and says while the index is being built", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const addresses: string[] = [];
  let isComplete = false;
  await page.route("**/trpc/chats.search*", async (route) => {
    addresses.push(route.request().url());
    const response = await route.fetch();
    const [{ result }] = await response.json();
    await route.fulfill({ json: [{ result: { data: { ...result.data, isComplete } } }] });
  });
  await page.getByRole("button", { name: "Search chats" }).click();
  const dialog = page.getByRole("dialog", { name: "Search chats" });
  await dialog.getByRole("combobox", { name: "Search chats" }).fill("count");
  const building = dialog.getByText(
    "Still indexing your chats and documents. Some results may be missing.",
  );
  await building.waitFor();
  await dialog.getByRole("option").first().waitFor();
  // It searches again by itself until the index is complete.
  isComplete = true;
  await building.waitFor({ state: "detached" });
  expect(addresses.length).toBeGreaterThan(1);
  for (const address of addresses) expect(address).not.toContain("count");
});

test("a chat is renamed in place, deleted, and restored", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await askAndName(page, "count to 3", "Before");
  await chooseForChat(page, "Before", "Rename");
  await page.getByRole("textbox", { name: /title/i }).fill("After");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.title()).toContain("After");
  const address = page.url();

  await chooseForChat(page, "After", "Delete");
  await page.waitForURL(`${baseURL}/`);
  await page.getByText("“After” deleted").waitFor();
  await showSidebar(page);
  await expect.poll(() => chatRows(page).count()).toBe(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForURL(address);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(3));

  await chooseForChat(page, "After", "Delete");
  await page.getByText("“After” deleted").waitFor();
  // Leaving the page sends the deletion.
  await page.goto("/login");
  await expect
    .poll(async () => {
      await page.goto("/");
      await showSidebar(page);
      return chatRows(page).count();
    })
    .toBe(0);
});

test("all chats are deleted after the phrase is typed", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await askInChats(page, ["count to 2", "count to 3"]);
  await showSidebar(page);
  await page.getByRole("button", { name: /@example\.com/ }).click();
  await page.getByRole("menuitem", { name: "Delete all chats" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete all chats?" });
  const button = dialog.getByRole("button", { name: "Delete all" });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("delete al");
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("Delete all");
  await button.click();
  await page.waitForURL(`${baseURL}/`);
  await showSidebar(page);
  await page.getByText("Your chats will appear here.").waitFor();
  expect(await page.getByRole("heading", { name: /was deleted/ }).count()).toBe(0);
});

test("a chat deleted in one tab while the other streams it disappears from both", async ({
  visit,
  expectedProblems,
}) => {
  // The other tab may ask for the answer's final state before it hears of the deletion.
  expectedProblems.push(/status of 404.* \S+\/trpc\/messages\.list\?/);
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await ask(first.page, "count to 5000");
  const second = await openElsewhere(visit, { baseURL }, first, account);
  await waitForText(second.page, /\b20\b/);
  await showSidebar(first.page);
  await chatRows(first.page).first().hover();
  await first.page.getByRole("button", { name: /^Options for/ }).click();
  await first.page.getByRole("menuitem", { name: "Delete" }).click();
  await first.page.waitForURL(`${baseURL}/`);
  // Until the deletion is sent, the other browser still shows the chat.
  expect(await answers(second.page).count()).toBe(1);
  await second.page.getByRole("heading", { name: "This chat was deleted" }).waitFor();
  for (const { page } of [first, second]) {
    await expect.poll(() => chatRows(page).count()).toBe(0);
  }
  expect(await first.page.getByRole("heading", { name: /was deleted/ }).count()).toBe(0);
});

test("a pin set in one tab shows in the other", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await askAndName(first.page, "count to 2", "Harbour plans");
  const second = await openElsewhere(visit, { baseURL }, first, account);
  await chooseForChat(first.page, "Harbour plans", "Pin");
  await group(second.page, "Pinned").getByText("Harbour plans").waitFor();
});
