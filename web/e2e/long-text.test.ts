import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  chooseForChat,
  problem,
  questions,
  signUp,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { choose, draftFiles, holdUploads, text, waitForReady } from "./support/files.ts";
import { clipboardPermissions, networkProblem, test, type Visit } from "./support/test.ts";

const baseURL = inject("demoUrl");

/** 428,889 characters. */
const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} of code();`).join("\n");
const longText = `Begin\n${"กี่ word 😀 ".repeat(30_000)}end`;
/** Too long for a message, and short enough to be worth shortening. */
const typed = `Begin\n${"กี่ word 😀 ".repeat(3_000)}end`;

async function visitNewChat(visit: Visit): Promise<Page> {
  const { page } = await visit({ baseURL, permissions: clipboardPermissions });
  await signUp(page);
  return page;
}

/** Pastes from the clipboard, into what has the focus. */
async function paste(page: Page, content: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), content);
  await page.keyboard.press("Control+v");
}

/** Notes the tasks of a page that stop it for more than 50 ms. @returns takes their times in ms */
async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
  const tasks = await page.evaluateHandle(() => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(Math.round(duration));
    }).observe({ type: "longtask" });
    return durations;
  });
  return async () => {
    // The observer is told later.
    await page.waitForTimeout(300);
    return tasks.evaluate((durations) => durations.splice(0));
  };
}

const notice = (page: Page) => page.getByText("is too long to send");
const alert = (page: Page) => page.getByRole("alert").filter({ hasText: "too long to send" });
const attachButton = (page: Page) => page.getByRole("button", { name: "Attach as text file" });

/** Sends the attached file with a question, and reads it as the reader of the chat would. */
async function sendAndOpen(page: Page): Promise<string> {
  await page.keyboard.type("say read it");
  await page.keyboard.press("Enter");
  await waitForAnswer(page, "complete");
  const link = questions(page).getByRole("link", { name: /Pasted text\.txt/ });
  const response = await page.request.get((await link.getAttribute("href")) ?? "");
  return response.text();
}

test("20,000 pasted lines do not stop the page, and are offered as a file, also after a reload", async ({
  visit,
}) => {
  const page = await visitNewChat(visit);
  await page.keyboard.type("typed before ");
  const takeTasks = await watchLongTasks(page);
  await paste(page, lines);
  await notice(page).waitFor();
  expect(Math.max(0, ...(await takeTasks()))).toBeLessThan(100);
  await page.keyboard.type("and after");
  expect(Math.max(0, ...(await takeTasks()))).toBeLessThan(100);
  expect(await textbox(page).inputValue()).toBe("typed before and after");
  // A text of this length would stop the page at each key.
  expect(await page.getByRole("button", { name: "Insert anyway" }).count()).toBe(0);
  await page.getByText("428,889 of 32,000 characters").waitFor();

  await alert(page).evaluate((element) => element.setAttribute("data-is-old", ""));
  await page.keyboard.press("Enter");
  // Told again, as a new alert.
  await page.locator("[role=alert]:not([data-is-old])", { hasText: "too long to send" }).waitFor();
  expect(await questions(page).count()).toBe(0);

  await visitAlive(page, "/");
  await notice(page).waitFor();
  expect(await textbox(page).inputValue()).toBe("typed before and after");
  await attachButton(page).click();
  await waitForReady(page, 1);
  await notice(page).waitFor({ state: "detached" });
  await textbox(page).fill("");
  expect(await sendAndOpen(page)).toBe(lines);
});

test("a long paste is inserted or discarded by choice", async ({ visit }) => {
  const page = await visitNewChat(visit);
  await page.keyboard.type("before");
  await paste(page, typed);
  await page.getByRole("button", { name: "Insert anyway" }).click();
  await expect.poll(() => textbox(page).inputValue()).toBe(`before\n\n${typed}`);
  await textbox(page).fill("");
  await notice(page).waitFor({ state: "detached" });

  await paste(page, typed);
  await page.getByRole("button", { name: "Discard" }).click();
  await notice(page).waitFor({ state: "detached" });
  await ask(page, "say it can be sent");
  await visitAlive(page, page.url());
  expect(await notice(page).count()).toBe(0);

  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Edit message" }).click();
  await paste(page, longText);
  await alert(page).getByText("It wasn’t inserted").waitFor();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  expect(await editor.inputValue()).toBe("say it can be sent");
  expect(await answers(page).count()).toBe(1);
});

test("a text that is too long is attached as a file, and sent with a question", async ({
  visit,
}) => {
  const page = await visitNewChat(visit);
  await textbox(page).fill(typed);
  await notice(page).waitFor();
  await page.getByText(`${typed.length.toLocaleString("en")} of 32,000 characters`).waitFor();

  await textbox(page).press("Enter");
  await alert(page).waitFor();
  expect(await questions(page).count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe(typed);

  await attachButton(page).click();
  await waitForReady(page, 1);
  await expect.poll(() => textbox(page).inputValue()).toBe("");
  expect(await notice(page).count()).toBe(0);
  expect(await sendAndOpen(page)).toBe(typed);
});

test("a long text stays in the message box until its file is stored", async ({ visit }) => {
  const page = await visitNewChat(visit);
  const goOn = await holdUploads(page);
  await textbox(page).fill(typed);
  await attachButton(page).click();
  await draftFiles(page, "uploading").waitFor();
  expect(await textbox(page).inputValue()).toBe(typed);
  await page.getByRole("button", { name: /^Cancel the upload of/ }).click();
  await expect.poll(() => draftFiles(page).count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe(typed);

  await attachButton(page).click();
  await draftFiles(page, "uploading").waitFor();
  await textbox(page).press("End");
  await page.keyboard.type("!");
  goOn();
  await waitForReady(page, 1);
  expect(await textbox(page).inputValue()).toContain("!");
  await notice(page).waitFor();
});

test("a text whose upload failed is attached again, also as the last of ten files", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const page = await visitNewChat(visit);
  await choose(
    page,
    Array.from({ length: 9 }, (_, index) => text(`${index}.txt`, `file ${index}`)),
  );
  await waitForReady(page, 9);
  await page.route(/uploads\.create/, (route) => route.abort());
  await textbox(page).fill(typed);
  await attachButton(page).click();
  await draftFiles(page, "failed").waitFor();
  expect(await textbox(page).inputValue()).toBe(typed);

  await page.unroute(/uploads\.create/);
  await attachButton(page).click();
  await waitForReady(page, 10);
  await notice(page).waitFor({ state: "detached" });
  expect(await textbox(page).inputValue()).toBe("");
  await draftFiles(page).filter({ hasText: "Pasted text.txt" }).waitFor();
});

test("an eleventh file is not attached, and the text stays", async ({ visit }) => {
  const page = await visitNewChat(visit);
  await choose(
    page,
    Array.from({ length: 10 }, (_, index) => text(`${index}.txt`, `file ${index}`)),
  );
  await waitForReady(page, 10);
  await textbox(page).fill(typed);
  await attachButton(page).click();
  await problem(page).filter({ hasText: "up to 10 files" }).waitFor();
  expect(await textbox(page).inputValue()).toBe(typed);
  expect(await draftFiles(page).count()).toBe(10);
});

test("a title that is too long is refused, and not cut inside a character", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const page = await visitNewChat(visit);
  await ask(page, "say title");
  await waitForAnswer(page, "complete");
  await chooseForChat(page, "say title", "Rename");
  const field = page.getByRole("textbox", { name: "Chat title" });
  const title = `${"x".repeat(118)}👨‍👩‍👧‍👦`;
  await field.fill("");
  await page.keyboard.insertText(title);
  await field.press("Enter");
  await page.getByText("Use at most 120 characters.").waitFor();
  expect(await field.inputValue()).toBe(title);
});
