import { gzipSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { weightLimits } from "../../scripts/lib/weight.ts";
import { ask, questions, signUp, textbox, waitForAnswer } from "./support/chat.ts";
import { createDocument } from "./support/documents.ts";
import { test, type Visitor } from "./support/test.ts";

const baseURL = inject("demoUrl");

/** A name of a class that each editor's library has in its code, whatever its file is named. */
const editorMarks = ["cm-editor", "rdg-cell"] as const;

interface Scripts {
  /**
   * The size of all scripts, each gzipped. The test gzips them, because the local runtime does not
   * compress.
   */
  readonly bytes: number;
  /** The marks of the editors that the scripts have. */
  readonly marks: readonly string[];
}

/**
 * Loads an address, and looks at all scripts that it fetches.
 *
 * @param content what the page shows once it has loaded
 */
async function loadScripts(
  page: Page,
  path: string,
  content: (page: Page) => Locator,
): Promise<Scripts> {
  // This subscription stays open, so the network would never be idle.
  await page.route(/chats\.watch/, (route) => route.fulfill({ status: 204 }));
  const bodies = new Map<string, Promise<Buffer>>();
  page.on("response", (response) => {
    if (!/javascript/.test(response.headers()["content-type"] ?? "")) return;
    const body = response.body();
    bodies.set(response.url(), body);
    // One that arrives after the page was looked at goes with it.
    body.catch(() => undefined);
  });
  await page.goto(path);
  // Until then a slow machine has pauses in which nothing is loaded.
  await content(page).waitFor();
  await page.waitForLoadState("networkidle");
  const scripts = await Promise.all(bodies.values());
  return {
    bytes: scripts.reduce((sum, body) => sum + gzipSync(body).length, 0),
    marks: editorMarks.filter((mark) => scripts.some((body) => body.includes(mark))),
  };
}

/** Opens a page with the same cookies and an empty cache. */
async function withColdCache({ context, openTab }: Visitor): Promise<Page> {
  const page = await openTab();
  const session = await context.newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  return page;
}

interface Message {
  readonly id: string;
  readonly parentId: string | null;
}

/**
 * Imports the only chat again as a longer one, with its question and answer repeated.
 *
 * @returns the path of the new chat
 */
async function repeatChat({ request }: Page, times: number): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ format: "json" }));
  const exported = await (await request.get(`/trpc/chats.export?input=${input}`)).json();
  const file: { chats: { messages: Message[] }[] } = JSON.parse(exported.result.data.text);
  const [chat] = file.chats;
  if (!chat) throw new Error("The export has no chat.");
  const messages = Array.from({ length: times }, () => chat.messages)
    .flat()
    .map((message, index) => ({
      ...message,
      id: `m${index}`,
      parentId: index === 0 ? null : `m${index - 1}`,
    }));
  const long = { ...chat, messages, currentMessageId: messages.at(-1)?.id };
  const data = { data: { ...file, chats: [long] } };
  // The API accepts changes only from the site's own pages.
  const headers = { origin: new URL(baseURL).origin };
  const response = await request.post("/trpc/chats.import", { data, headers });
  const { imported } = (await response.json()).result.data;
  return `/chat/${imported[0].chatId}`;
}

test("the login page's scripts stay below their ceiling", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const { bytes } = await loadScripts(page, "/login", (shown) => shown.getByLabel("Password"));
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(weightLimits.loginPage);
});

test("the scripts of a new chat stay below their ceiling, and have no editor", async ({
  visit,
}) => {
  const visitor = await visit({ baseURL });
  await signUp(visitor.page);
  const page = await withColdCache(visitor);
  const { bytes, marks } = await loadScripts(page, "/", textbox);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(weightLimits.newChatPage);
  expect(marks).toEqual([]);
});

test("the scripts of a chat with 20 messages stay below their ceiling, and have no editor", async ({
  visit,
}) => {
  const visitor = await visit({ baseURL });
  await signUp(visitor.page);
  await ask(visitor.page, "What is this?");
  await waitForAnswer(visitor.page, "complete");
  const address = await repeatChat(visitor.page, 10);
  const page = await withColdCache(visitor);
  const { bytes, marks } = await loadScripts(page, address, textbox);
  expect(await questions(page).count()).toBe(10);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(weightLimits.chatPage);
  expect(marks).toEqual([]);
});

test("the page of a document has the editor of its kind alone", async ({ visit }) => {
  const visitor = await visit({ baseURL });
  await signUp(visitor.page);
  const found: (readonly string[])[] = [];
  for (const kind of ["text", "code", "sheet"] as const) {
    const id = await createDocument(visitor.page, { kind, title: "A plan", content: "one" });
    const page = await withColdCache(visitor);
    const editor = (shown: Page) =>
      shown.getByRole(kind === "sheet" ? "grid" : "textbox", { name: "Content" });
    found.push((await loadScripts(page, `/documents/${id}`, editor)).marks);
  }
  expect(found).toEqual([["cm-editor"], ["cm-editor"], ["rdg-cell"]]);
});
