import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { findFullBrowser } from "../../scripts/lib/browser.ts";
import {
  ask,
  chatsBeingAnswered,
  gotoAlive,
  openNewChat,
  signUp,
  waitForAnswer,
} from "./support/chat.ts";
import { test as base, launch } from "./support/test.ts";
import { setVisibility } from "./support/visibility.ts";

const baseURL = inject("demoUrl");

/** A browser with a window's parts: the headless shell, which the other tests use, has no notifications. */
const test = base.extend({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from here.
    async ({}, use) => {
      const executablePath = findFullBrowser();
      if (!executablePath) throw new Error("Notifications need Chromium or Chrome.");
      const browser = await launch(executablePath);
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
});

const permissions = ["notifications"];
const toggle = (page: Page) =>
  page.getByRole("switch", { name: "Notify me when an answer is ready" });

/** Turns notifications on in the settings. */
async function turnOn(page: Page): Promise<void> {
  await gotoAlive(page, "/settings/notifications");
  await toggle(page).check();
  await page.getByText("Notifications arrive while").waitFor();
}

/** The notifications that the browser shows, as the operating system gets them. */
function notifications(page: Page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/notifications.js");
    const shown = (await registration?.getNotifications()) ?? [];
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, ...data }));
  });
}

const chatIdOf = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

/** Long enough for a test to act in the middle of its answer. */
const slow = "count to 1500";
const slowest = "count to 5000";

test("an answer that ends in the background marks the title until the page is shown", async ({
  visit,
}) => {
  const { page, openTab } = await visit({ baseURL, permissions });
  await signUp(page);
  await ask(page, slow);
  await page.waitForURL("**/chat/*");
  const other = await openTab();
  await gotoAlive(other, "/");
  await ask(other, slow);
  await other.waitForURL("**/chat/*");
  for (const tab of [other, page]) await setVisibility(tab, "hidden");
  for (const tab of [other, page]) await waitForAnswer(tab, "complete");
  for (const tab of [other, page]) {
    await expect.poll(() => tab.title()).toMatch(/^\([12]\) Count to 1500 · Alleato Chat$/);
  }
  // Notifications are off until the user turns them on.
  expect(await notifications(page)).toEqual([]);

  for (const tab of [page, other]) {
    await setVisibility(tab, "visible");
    expect(await tab.title()).toBe("Count to 1500 · Alleato Chat");
  }
});

test("a user's own stop leaves no mark", async ({ visit }) => {
  const { page, openTab } = await visit({ baseURL, permissions });
  await signUp(page);
  await ask(page, slowest);
  await page.waitForURL("**/chat/*");
  const { pathname } = new URL(page.url());
  await openNewChat(page);
  await ask(page, slow);
  await chatsBeingAnswered(page).nth(1).waitFor();
  const other = await openTab();
  await gotoAlive(other, pathname);
  await setVisibility(page, "hidden");
  await other.getByRole("button", { name: "Stop" }).click();
  await waitForAnswer(other, "stopped");
  await waitForAnswer(page, "complete");
  await expect.poll(() => page.title()).toMatch(/^\(1\) /);
});

test("a notification shows the first words of the answer once, and closes when the chat is shown", async ({
  visit,
}) => {
  const { context, page, openTab } = await visit({ baseURL, permissions });
  await signUp(page);
  await turnOn(page);
  const tabs = [page, await openTab(), await openTab()];
  for (const tab of tabs.slice(1)) await gotoAlive(tab, "/");
  await gotoAlive(page, "/");
  await ask(page, slow);
  await page.waitForURL("**/chat/*");
  const tag = `chat:${chatIdOf(page)}`;
  // The sidebars of the other tabs know of the answer, so each of them follows it.
  for (const tab of tabs.slice(1)) await chatsBeingAnswered(tab).first().waitFor();
  for (const tab of tabs) await setVisibility(tab, "hidden");
  await expect.poll(() => notifications(page)).toHaveLength(1);
  const [notification] = await notifications(page);
  expect(notification?.tag).toBe(tag);
  expect(notification?.title).toBe((await page.title()).replace(/^\(1\) | · Alleato Chat$/g, ""));
  expect(notification?.body).toMatch(/^1 2 3/);
  expect(context.pages()).toHaveLength(3);

  // A user who sees the chat needs no notification.
  await setVisibility(page, "visible");
  await expect.poll(() => notifications(page)).toEqual([]);
});

test("a pushed message is shown when no page is visible, and its click opens the chat", async ({
  visit,
}) => {
  const { context, page } = await visit({ baseURL, permissions });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const chatId = chatIdOf(page);
  await turnOn(page);
  const session = await context.newCDPSession(page);
  const updated = new Promise<string>((resolve) =>
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find(({ isDeleted }) => !isDeleted);
      if (own) resolve(own.registrationId);
    }),
  );
  await session.send("ServiceWorker.enable");
  const registrationId = await updated;
  const push = (streamId: string) =>
    session.send("ServiceWorker.deliverPushMessage", {
      origin: new URL(baseURL).origin,
      registrationId,
      data: JSON.stringify({ chatId, streamId, title: "The sky", text: "Rayleigh" }),
    });

  // The user sees the page. The message after it is shown, so this one would be, too.
  await push("1");
  await page.goto("about:blank");
  await push("2");
  await gotoAlive(page, "/settings/notifications");
  await expect.poll(() => notifications(page)).toHaveLength(1);
  expect(await notifications(page)).toEqual([
    { title: "The sky", body: "Rayleigh", tag: `chat:${chatId}`, chatId, streamId: "2" },
  ]);

  const [worker] = context.serviceWorkers();
  // The browser lets only a real click focus a window.
  await worker?.evaluate(`openChat(${JSON.stringify(chatId)}).catch(() => {})`);
  await page.waitForURL(`**/chat/${chatId}`);
  await waitForAnswer(page, "complete");
});

test("the switch turns notifications off, and so does a logout", async ({
  visit,
  expectedProblems,
}) => {
  // A list that is asked for just before the logout.
  expectedProblems.push(/status of 401/);
  const { page } = await visit({ baseURL, permissions });
  await signUp(page);
  await turnOn(page);
  await gotoAlive(page, page.url());
  await expect.poll(() => toggle(page).isChecked()).toBe(true);
  await toggle(page).uncheck();
  const registrations = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  await expect.poll(registrations).toBe(0);

  await turnOn(page);
  expect(await registrations()).toBe(1);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/login");
  await expect.poll(registrations).toBe(0);
});

test("the settings say what to do when the browser blocks notifications", async ({ visit }) => {
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  const session = await context.browser()?.newBrowserCDPSession();
  const { browserContextIds = [] } = (await session?.send("Target.getBrowserContexts")) ?? {};
  for (const browserContextId of browserContextIds) {
    const permission = { name: "notifications" };
    await session?.send("Browser.setPermission", {
      ...{ permission, setting: "denied", browserContextId },
    });
  }
  await gotoAlive(page, "/settings/notifications");
  await page.getByText(/Your browser blocks notifications from Alleato Chat/).waitFor();
  expect(await toggle(page).isDisabled()).toBe(true);
});
