import type { Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  edit,
  logInByRequest,
  phone,
  questions,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const account = inject("longChatAccount");

/**
 * Opens the seeded long chat.
 *
 * @returns its address
 */
async function openLongChat(page: Page): Promise<string> {
  await logInByRequest(page, account);
  await visitAlive(page, "/");
  // On a phone the list is hidden.
  const link = page.locator("a", { hasText: "A chat of 1000 messages" });
  await visitAlive(page, (await link.getAttribute("href")) ?? "");
  await message(page, 1000).waitFor();
  return page.url();
}

function message(page: Page, place: number): Locator {
  return page.locator("article").filter({ hasText: new RegExp(`Message ${place}\\b`) });
}

/** The seeded id of the message at this position in the chat. */
function messageIdAt(place: number): string {
  return `01700000-0000-7000-8000-4${String(1000 * 100_000 + place - 1).padStart(11, "0")}`;
}

function elementCount(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll("*").length);
}

declare global {
  /** The ids of the messages that were marked in this document. */
  var markedIds: Set<string | undefined> | undefined;
}

/**
 * Opens a message's address, and waits until the message was marked. The mark disappears after a
 * few seconds, which a busy machine may miss, so the page notes it.
 */
async function goToMarked(page: Page, address: string, target: Locator): Promise<void> {
  await page.addInitScript(() => {
    const markedIds = new Set<string | undefined>();
    globalThis.markedIds = markedIds;
    new MutationObserver(() => {
      for (const element of document.querySelectorAll<HTMLElement>("[data-marked]")) {
        markedIds.add(element.dataset.messageId);
      }
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-marked"] });
  });
  await visitAlive(page, address);
  await target.waitFor();
  const messageId = (await target.getAttribute("data-message-id")) ?? undefined;
  await page.waitForFunction((id) => globalThis.markedIds?.has(id), messageId);
}

/** Scrolls to the top repeatedly, until a message is loaded. */
async function scrollUpTo(page: Page, place: number): Promise<void> {
  await expect
    .poll(
      async () => {
        await page
          .locator("article")
          .first()
          .evaluate((first) => first.scrollIntoView());
        expect(await elementCount(page)).toBeLessThan(3000);
        return message(page, place).count();
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe(1);
}

test("a chat of 1,000 messages renders few at a time, and all of them on scrolling", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await openLongChat(page);
  expect(await page.locator("article").count()).toBeLessThan(40);
  await scrollUpTo(page, 1);
  expect(await message(page, 1000).count()).toBe(0);
  await textbox(page).pressSequentially("still here");
  expect(await textbox(page).inputValue()).toBe("still here");
  await page.getByRole("button", { name: "Scroll to bottom" }).click();
  await message(page, 1000).waitFor();
  expect(await elementCount(page)).toBeLessThan(3000);
});

test("the text in view stays in place while older messages load", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  const address = await openLongChat(page);
  await goToMarked(page, `${address}?message=${messageIdAt(960)}`, message(page, 960));
  const top = async () => Math.round((await message(page, 960).boundingBox())?.y ?? -1);
  const before = await top();
  const height = () =>
    page
      .locator("article")
      .first()
      .evaluate((first) => first.parentElement?.scrollHeight ?? 0);
  const heightBefore = await height();
  const more = page.getByRole("button", { name: "Load older messages" });
  await more.evaluate((button) => (button as HTMLElement).click());
  await expect.poll(height).toBeGreaterThan(heightBefore + 1000);
  expect(Math.abs((await top()) - before)).toBeLessThan(3);
});

test("an address with a message leads to it anywhere in the chat, and marks it", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  const address = await openLongChat(page);
  const target = message(page, 700);
  await goToMarked(page, `${address}?message=${messageIdAt(700)}`, target);
  expect(await target.evaluate((element) => element === document.activeElement)).toBe(true);
  expect((await target.boundingBox())?.y).toBeGreaterThan(0);
  await page.waitForURL(address);
});

test("an address leads to its message, also when a frame comes between any two tasks", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  const address = await openLongChat(page);
  // React sends itself a message for each next task. On a busy machine a frame may come first.
  await page.addInitScript(() => {
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (...message: [unknown]) {
      requestAnimationFrame(() => post.apply(this, message));
    };
  });
  await goToMarked(page, `${address}?message=${messageIdAt(700)}`, message(page, 700));
});

test("an address with a message on another branch shows that branch", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await logInByRequest(page, account);
  await visitAlive(page, "/");
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const messageId = await questions(page).first().getAttribute("data-message-id");
  await edit(page, 0, "count to 4");
  await waitForAnswer(page, "complete");
  const target = questions(page).filter({ hasText: "count to 3" });
  await goToMarked(page, `${page.url()}?message=${messageId}`, target);
  await questions(page).first().getByText("1/2").waitFor();
});
