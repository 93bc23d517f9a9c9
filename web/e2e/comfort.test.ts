import { expect, inject } from "vitest";
import {
  answers,
  ask,
  numbersInAnswer,
  problem,
  questions,
  signUp,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("commands are found, chosen and run from the message box", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const commands = page.getByRole("listbox", { name: "Commands" });
  await textbox(page).fill("/");
  await commands.waitFor();
  // Commands that need a chat are not offered before it has started.
  expect(await commands.getByRole("option", { name: /^\/delete/ }).count()).toBe(0);
  await textbox(page).press("Escape");
  await commands.waitFor({ state: "hidden" });
  await expect.poll(() => textbox(page).inputValue()).toBe("/");

  await textbox(page).fill("");
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await textbox(page).fill("/rename Three steps");
  await textbox(page).press("Enter");
  await expect.poll(() => page.title()).toContain("Three steps");
  await expect.poll(() => textbox(page).inputValue()).toBe("");

  await textbox(page).fill("/th");
  await commands.waitFor();
  await textbox(page).press("ArrowDown");
  await textbox(page).press("Enter");
  await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");

  await textbox(page).fill("/export");
  const download = page.waitForEvent("download");
  await commands.getByRole("option", { name: /markdown/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.md$/);

  await textbox(page).fill("/delete");
  await commands.waitFor();
  await textbox(page).press("Enter");
  await page.waitForURL(`${baseURL}/`);
  await expect.poll(() => questions(page).count()).toBe(0);
});

test("a text with a slash that is not a command is sent unchanged", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "/usr/bin is a folder");
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(1);
});

test("keyboard shortcuts reach help, the message box and the last message", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await visitAlive(page, page.url());
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts and commands" });
  await page.keyboard.press("Control+/");
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  // While the reader types, a question mark is text.
  await textbox(page).press("?");
  expect(await textbox(page).inputValue()).toBe("?");
  expect(await sheet.count()).toBe(0);
  await page.getByRole("button", { name: "Copy answer" }).focus();
  await page.keyboard.press("?");
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+Escape");
  expect(await textbox(page).evaluate((box) => box === document.activeElement)).toBe(true);
  await textbox(page).fill("");
  await page.keyboard.press("ArrowUp");
  await page.getByRole("textbox", { name: "Edit message" }).waitFor();
});

test("an address with a question starts a chat with it, once", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.goto(`/?query=${encodeURIComponent("count to 12")}`);
  await page.waitForURL(/\/chat\/[\w-]+$/);
  await waitForAnswer(page, "complete");
  expect((await numbersInAnswer(page)).at(-1)).toBe(12);
  await page.reload();
  expect(await questions(page).count()).toBe(1);
  await page.goBack();
  await textbox(page).waitFor();
  const list = page.getByRole("navigation", { name: "Chats" }).getByRole("listitem");
  expect(await list.count()).toBe(1);
  // In an existing chat the query has no effect.
  await page.goForward();
  await visitAlive(page, `${page.url()}?query=count%20to%205`);
  expect(await questions(page).count()).toBe(1);
  expect(await problem(page).count()).toBe(0);
});

test("screen readers announce the start and end of an answer, not its words", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    for (const region of document.querySelectorAll("[aria-live=polite]")) {
      const note = () => said.push(region.textContent ?? "");
      new MutationObserver(note).observe(region, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    }
  });
  await ask(page, "count to 100");
  await waitForAnswer(page, "complete");
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await expect.poll(said).toEqual(["Answer started", "Answer complete"]);
});

test("each message shows when it was written", async ({ visit }) => {
  const { page } = await visit({ baseURL, timezoneId: "Asia/Tokyo" });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const time = answers(page).last().locator("time");
  expect(await time.innerText()).toContain("just now");
  const tokyo = new Date().toLocaleString("en", { dateStyle: "long", timeZone: "Asia/Tokyo" });
  expect(await time.getAttribute("title")).toContain(tokyo);
});
