import { readFile } from "node:fs/promises";
import type { Download, Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  gotoAlive,
  phone,
  problem,
  questions,
  showSidebar,
  signUp,
  textbox,
  tryAgain,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");
/** On a busy machine a list may take a while. */
const patience = { timeout: 20_000 };

/** Opens the page from the user's menu. */
async function openData(page: Page, email: string): Promise<void> {
  await showSidebar(page);
  await page.getByRole("button", { name: `Account and theme: ${email}` }).click();
  await page.getByRole("menuitem", { name: "Import and export" }).click();
  await page.getByRole("heading", { name: "Import chats" }).waitFor();
}

async function download(page: Page, press: () => Promise<void>): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  return file;
}

async function exportAll(page: Page): Promise<string> {
  const file = await download(page, () =>
    page.getByRole("button", { name: "Export as JSON" }).click(),
  );
  expect(file.suggestedFilename()).toBe("chats.json");
  await page.getByText("chats.json was saved to your downloads.").waitFor();
  return readFile(await file.path(), "utf8");
}

/** Puts a file into the picker. */
async function choose(page: Page, text: string, name = "chats.json"): Promise<void> {
  const file = { name, mimeType: "application/json", buffer: Buffer.from(text) };
  await page.getByLabel("File to import").setInputFiles(file);
}

async function untilImported(page: Page, sentence: string): Promise<void> {
  await page.getByRole("heading", { name: sentence }).waitFor();
}

/** The titles in the sidebar, which is a drawer on a phone. */
async function titles(page: Page): Promise<string[]> {
  const list = page.getByRole("navigation", { name: "Chats", includeHidden: true });
  return (await list.locator("a").allTextContents()).sort();
}

/** The file with its ids numbered in order of appearance. */
function withoutIds(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return `id-${number}`;
  });
}

const message = (role: string, text: string, fields: object = {}) => ({
  author: { role },
  create_time: 1_700_000_000,
  content: { content_type: "text", parts: [text] },
  ...fields,
});

const chatGpt = [
  {
    title: "Talk of the sea",
    create_time: 1_700_000_000,
    current_node: "a",
    mapping: {
      root: { parent: null, message: null },
      q: { parent: "root", message: message("user", "How deep is it?") },
      a: { parent: "q", message: message("assistant", "Very deep.") },
    },
  },
  { title: "Round and round", mapping: { a: { parent: "b" }, b: { parent: "a" } } },
];

const own = (count: number) => ({
  format: "alleato-chat",
  version: 1,
  chats: Array.from({ length: count }, (_, index) => ({
    id: `c${index}`,
    title: `Chat ${index + 1}`,
    titleSource: "owner",
    pinnedAt: null,
    createdAt: 1,
    updatedAt: 1,
    currentMessageId: null,
    messages: [],
  })),
});

test("exported chats are imported again unchanged", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await tryAgain(page);
  await page.getByText("2/2").waitFor();
  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Good answer" }).click();
  await page.getByRole("button", { name: "Good answer", pressed: true }).waitFor();
  await visitAlive(page, "/");
  await ask(page, "count to 5");
  await waitForAnswer(page, "complete");
  await openData(page, email);
  const first = await exportAll(page);
  expect(JSON.parse(first).chats).toHaveLength(2);

  const other = (await visit({ baseURL, viewport: phone })).page;
  const { email: otherEmail } = await signUp(other);
  await openData(other, otherEmail);
  await choose(other, first);
  await untilImported(other, "2 chats were imported.");
  await expect.poll(() => titles(other), patience).toEqual(await titles(page));
  const second = await exportAll(other);
  expect(second).not.toBe(first);
  expect(withoutIds(second)).toBe(withoutIds(first));

  await other.getByRole("list", { name: "Imported chats" }).getByRole("link").first().click();
  await answers(other, "complete").waitFor();
});

test("ChatGPT's file is imported by a drop, and its faulty chats are reported", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  await openData(page, email);
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "conversations.json"));
    return transfer;
  }, JSON.stringify(chatGpt));
  await page.locator("[data-drop-zone]").dispatchEvent("drop", { dataTransfer: data });
  await untilImported(page, "1 chat was imported.");
  const failures = page.getByRole("list", { name: "Chats that weren’t imported" });
  expect(await failures.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringMatching(/Round and round.*chat 2 of the file.*form a loop/s),
  ]);
  await expect.poll(() => titles(page), patience).toEqual(["Talk of the sea"]);
  await page.getByRole("link", { name: "Talk of the sea" }).last().click();
  await questions(page).filter({ hasText: "How deep is it?" }).waitFor();
  await answers(page).filter({ hasText: "Very deep." }).waitFor();
});

test("the template's tables are imported with their addresses and votes", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await gotoAlive(page, "/settings/data");
  const [chatId, question, answer] = [
    "0a52f4a6-4b1c-4a55-9d2d-0c5a8c0d1e01",
    "0a52f4a6-4b1c-4a55-9d2d-0c5a8c0d1e02",
    "0a52f4a6-4b1c-4a55-9d2d-0c5a8c0d1e03",
  ];
  const old = { type: "data-legacy", data: { type: "hologram", json: '{"a":[1]}' } };
  const row = (id: string, role: string, second: number) => ({
    ...{ id, chatId, role, attachments: [] },
    parts: [{ type: "text", text: `of the ${role}` }, ...(role === "assistant" ? [old] : [])],
    createdAt: `2025-03-01T10:00:0${second}.000Z`,
  });
  const tables = {
    Chat: [{ id: chatId, title: "From before", createdAt: "2025-03-01T10:00:00.000Z" }],
    Message_v2: [row(answer, "assistant", 2), row(question, "user", 1)],
    Vote_v2: [{ chatId, messageId: answer, isUpvoted: true }],
  };
  await choose(page, JSON.stringify(tables), "template.json");
  await untilImported(page, "1 chat was imported.");
  await page.goto(`/chat/${chatId}`);
  await answers(page).filter({ hasText: "of the assistant" }).waitFor();
  await page.getByRole("button", { name: "Good answer", pressed: true }).waitFor();
  // What no part can show is there as it was, for a reader who asks.
  expect(await page.getByText('"a": [').count()).toBe(0);
  await page.getByRole("button", { name: "From an older version — show raw data" }).click();
  await page.getByText('"a": [').waitFor();
  await page.getByRole("button", { name: "From an older version — hide raw data" }).click();
  await page.getByText('"a": [').waitFor({ state: "detached" });
});

test("an unreadable file is refused with advice, and another can be chosen", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await gotoAlive(page, "/settings/data");
  await choose(page, "{ half of a");
  await problem(page).filter({ hasText: "chats.json: This isn’t a valid JSON file" }).waitFor();
  await choose(page, "PK", "export.zip");
  await problem(page).filter({ hasText: "export.zip: This is a ZIP archive" }).waitFor();
  await choose(page, JSON.stringify({ some: "thing" }), "other.json");
  await problem(page)
    .filter({ hasText: "other.json: This file isn’t a supported export" })
    .waitFor();
  await choose(page, JSON.stringify(own(1)));
  await untilImported(page, "1 chat was imported.");
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByRole("button", { name: "Choose a file" }).waitFor();
});

test("an interrupted import continues where it stopped, without duplicates", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/Failed to load resource|net::ERR/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await gotoAlive(page, "/settings/data");
  let count = 0;
  await page.route(/chats\.import/, async (route) => {
    count += 1;
    // The second piece arrives, but its response is lost.
    if (count !== 2) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await choose(page, JSON.stringify(own(60)));
  await problem(page).filter({ hasText: "25 of 60 chats were processed." }).waitFor();
  await page.getByRole("button", { name: "Go on" }).dblclick();
  await untilImported(page, "60 chats were imported.");
  expect(count).toBe(4);
  const file = JSON.parse(await exportAll(page)) as { chats: { title: string }[] };
  expect(new Set(file.chats.map(({ title }) => title)).size).toBe(60);
  expect(file.chats).toHaveLength(60);
});

test("one chat is exported from its menu in the list", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of 500/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const row = page.getByRole("navigation", { name: "Chats" }).getByRole("listitem");
  const press = async (name: string) => {
    await row.hover();
    await row.getByRole("button", { name: /^Options for / }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  const markdown = await download(page, () => press("Export as Markdown"));
  expect(markdown.suggestedFilename()).toMatch(/\.md$/);
  expect(await readFile(await markdown.path(), "utf8")).toContain("count to 3");
  const json = await download(page, () => press("Export as JSON"));
  expect(JSON.parse(await readFile(await json.path(), "utf8")).chats).toHaveLength(1);

  await page.route(/chats\.export/, (route) => route.fulfill({ status: 500, body: "{}" }));
  await press("Export as JSON");
  await row.getByRole("alert").filter({ hasText: "Can’t reach the server" }).waitFor();
  await textbox(page).waitFor();
});
