import type { BrowserContext, Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  chatRows,
  chooseForChat,
  openNewChat,
  phone,
  questions,
  showSidebar,
  signUp,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { choose, png, waitForReady } from "./support/files.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");

const sends = /messages\.send/;

/** Holds messages back before they reach the worker. @returns lets them go on */
async function holdSends(target: Page | BrowserContext): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await target.route(sends, async (route) => {
    await gate.promise;
    await route.continue().catch(() => undefined);
  });
  return gate.resolve;
}

/** Where the caret or the selection is in the message box, and whether that has the focus. */
const caret = (page: Page) =>
  textbox(page).evaluate((box: HTMLTextAreaElement) => ({
    start: box.selectionStart,
    end: box.selectionEnd,
    hasFocus: document.activeElement === box,
  }));

const notSent = (page: Page) => page.getByRole("article", { name: "You, not sent" });

const idsOfSent = (page: Page, ids: string[]) =>
  page.on("request", (request) => {
    if (!sends.test(request.url())) return;
    const id = /"message":\{"id":"([\w-]+)"/.exec(request.postData() ?? "")?.[1];
    if (id) ids.push(id);
  });

test("what is typed after a new chat's first message stays, with focus and selection", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdSends(page);
  await textbox(page).fill("say first");
  await textbox(page).press("Enter");
  await questions(page).first().waitFor();
  await page.keyboard.type("typed while it is being sent");
  await choose(page, [png("kept.png")]);
  await waitForReady(page, 1);
  await textbox(page).evaluate((box: HTMLTextAreaElement) => {
    box.dataset.isSame = "true";
    box.focus();
    box.setSelectionRange(6, 11);
  });
  goOn();
  await page.waitForURL(/\/chat\/[\w-]+$/);
  await waitForAnswer(page, "complete");
  expect(await textbox(page).inputValue()).toBe("typed while it is being sent");
  expect(await textbox(page).getAttribute("data-is-same")).toBe("true");
  expect(await caret(page)).toEqual({ start: 6, end: 11, hasFocus: true });
  await waitForReady(page, 1);
  await page.keyboard.press("Control+z");
  expect(await textbox(page).inputValue()).not.toBe("typed while it is being sent");
  await page.keyboard.press("Control+Shift+z");
  expect(await textbox(page).inputValue()).toBe("typed while it is being sent");

  await page.reload();
  await expect.poll(() => textbox(page).inputValue()).toBe("typed while it is being sent");
  await openNewChat(page);
  await expect.poll(() => textbox(page).inputValue()).toBe("");
});

test("an open editor stays when a new chat gets its address", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdSends(page);
  await textbox(page).fill("say first");
  await textbox(page).press("Enter");
  await questions(page).first().hover();
  await page.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("say second");
  await editor.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(1, 3));
  goOn();
  await page.waitForURL(/\/chat\/[\w-]+$/);
  await waitForAnswer(page, "complete");
  expect(await editor.inputValue()).toBe("say second");
  const range = (box: HTMLTextAreaElement) => [box.selectionStart, box.selectionEnd];
  expect(await editor.evaluate(range)).toEqual([1, 3]);
});

test("a message that had not arrived before a reload is there, and is sent again under its id", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const ids: string[] = [];
  idsOfSent(page, ids);
  // In a new chat, which has no address yet.
  await page.route(sends, () => undefined);
  await choose(page, [png("kept.png")]);
  await waitForReady(page, 1);
  await textbox(page).fill("say with a picture");
  await textbox(page).press("Enter");
  await expect.poll(() => ids.length).toBeGreaterThan(0);
  await page.keyboard.type("the next one");
  await page.reload();
  await notSent(page).getByText("say with a picture").waitFor();
  await notSent(page).getByRole("img", { name: "kept.png" }).waitFor();
  await expect.poll(() => textbox(page).inputValue()).toBe("the next one");
  await page.unroute(sends);
  await page.getByRole("button", { name: "Send again" }).click();
  await waitForAnswer(page, "complete");
  await page.waitForURL(/\/chat\/[\w-]+$/);
  expect(await notSent(page).count()).toBe(0);
  expect(new Set(ids).size).toBe(1);
  expect(await textbox(page).inputValue()).toBe("the next one");

  // In a chat that goes on.
  await page.route(sends, () => undefined);
  await textbox(page).press("Enter");
  await expect.poll(() => new Set(ids).size).toBe(2);
  await page.reload();
  await notSent(page).getByText("the next one").waitFor();
  await page.unroute(sends);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect.poll(() => textbox(page).inputValue()).toBe("the next one");
  await textbox(page).press("Enter");
  await expect.poll(() => questions(page).count()).toBe(2);
  await waitForAnswer(page, "complete");
  expect(new Set(ids).size).toBe(2);
  await page.reload();
  await expect.poll(() => questions(page).count()).toBe(2);
  expect(await notSent(page).count()).toBe(0);
});

test("a message that arrived without a response is not sent twice after a reload", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const arrived = Promise.withResolvers<void>();
  await page.route(sends, async (route) => {
    await route.fetch();
    arrived.resolve();
  });
  await textbox(page).fill("say it once");
  await textbox(page).press("Enter");
  await arrived.promise;
  await page.reload();
  await page.waitForURL(/\/chat\/[\w-]+$/);
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(1);
  expect(await notSent(page).count()).toBe(0);
  expect(await chatRows(page).count()).toBe(1);
});

test("a message sent offline in a tab that was closed is in the next new chat, not sent", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, context, openTab } = await visit({ baseURL });
  await signUp(page);
  await context.setOffline(true);
  await textbox(page).fill("say it later");
  await textbox(page).press("Enter");
  await questions(page).first().waitFor();
  await page.close();
  await context.setOffline(false);
  const later = await openTab();
  await visitAlive(later, "/");
  await notSent(later).getByText("say it later").waitFor();
  await later.getByRole("button", { name: "Send again" }).click();
  await waitForAnswer(later, "complete");
  await later.waitForURL(/\/chat\/[\w-]+$/);
  expect(await chatRows(later).count()).toBe(1);
});

test("a message that failed while another page was shown is not lost", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "say first");
  await waitForAnswer(page, "complete");
  const failed = Promise.withResolvers<void>();
  let tries = 0;
  await page.route(sends, async (route) => {
    tries += 1;
    await route.abort();
    if (tries === 4) failed.resolve();
  });
  await textbox(page).fill("say second");
  await textbox(page).press("Enter");
  await openNewChat(page);
  await failed.promise;
  await page.unroute(sends);
  await chatRows(page).filter({ hasText: "say first" }).getByRole("link").first().click();
  await notSent(page).getByText("say second").waitFor();
});

test("tabs with a new chat keep their own drafts, also when they are closed", async ({ visit }) => {
  const { page, context, openTab } = await visit({ baseURL });
  await signUp(page);
  const other = await openTab();
  await visitAlive(other, "/");
  await textbox(page).fill("of the first tab");
  await textbox(other).fill("of the second tab");
  await textbox(page).press("End");
  await page.keyboard.type("!");
  for (const tab of [page, other]) await tab.reload();
  await expect.poll(() => textbox(page).inputValue()).toBe("of the first tab!");
  await expect.poll(() => textbox(other).inputValue()).toBe("of the second tab");

  // A copy of a tab goes on with a copy of its text.
  const [copy] = await Promise.all([
    context.waitForEvent("page"),
    page.evaluate(() => void window.open("/")),
  ]);
  await expect.poll(() => textbox(copy).inputValue()).toBe("of the first tab!");
  await expect
    .poll(() => copy.evaluate(() => sessionStorage.length && JSON.stringify({ ...sessionStorage })))
    .not.toBe(await page.evaluate(() => JSON.stringify({ ...sessionStorage })));
  await textbox(copy).fill("of the copy");
  await page.reload();
  await expect.poll(() => textbox(page).inputValue()).toBe("of the first tab!");

  // Each text of a closed tab is in one later new chat.
  for (const tab of [copy, page]) await tab.close();
  const later = await openTab();
  await visitAlive(later, "/");
  await expect.poll(() => textbox(later).inputValue()).not.toBe("");
  expect(await textbox(other).inputValue()).toBe("of the second tab");
  const last = await openTab();
  await visitAlive(last, "/");
  await expect.poll(() => textbox(last).inputValue()).not.toBe("");
  const texts = await Promise.all([later, last].map((tab) => textbox(tab).inputValue()));
  expect(texts.sort()).toEqual(["of the copy", "of the first tab!"]);
});

test("tabs with one chat keep their own drafts", async ({ visit }) => {
  const { page, openTab } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "say first");
  await waitForAnswer(page, "complete");
  const other = await openTab();
  await visitAlive(other, page.url());
  await textbox(page).fill("of the first tab");
  await textbox(other).fill("of the second tab");
  for (const tab of [page, other]) await tab.reload();
  await expect.poll(() => textbox(page).inputValue()).toBe("of the first tab");
  await expect.poll(() => textbox(other).inputValue()).toBe("of the second tab");
});

test("undo takes back a run of letters, a sent text and a command, like a plain text box", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const value = () => textbox(page).inputValue();
  await textbox(page).focus();
  await page.keyboard.type("hello world, hello again");
  await page.keyboard.press("Control+z");
  expect(await value()).toBe("");
  await page.keyboard.press("Control+Shift+z");
  expect(await value()).toBe("hello world, hello again");

  await page.keyboard.press("Enter");
  await waitForAnswer(page, "complete");
  expect(await value()).toBe("");
  await page.keyboard.press("Control+z");
  expect(await value()).toBe("hello world, hello again");
  await page.keyboard.press("Control+Shift+z");
  expect(await value()).toBe("");

  await page.keyboard.type("/ren");
  await page.keyboard.press("Tab");
  expect(await value()).toBe("/rename ");
  await page.keyboard.press("Control+z");
  expect(await value()).toBe("/ren");

  await questions(page).first().hover();
  await page.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await page.keyboard.type(" and again");
  await page.keyboard.press("Control+z");
  expect(await editor.inputValue()).toBe("hello world, hello again");
});

test("what is typed before the page's scripts have loaded follows the stored draft", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await textbox(page).fill("stored, ");
  const gate = Promise.withResolvers<void>();
  await page.route(/\/assets\/.*\.js/, async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await textbox(page).focus();
  await page.keyboard.type("typed early");
  gate.resolve();
  await expect.poll(() => textbox(page).inputValue()).toBe("stored, typed early");
  await page.keyboard.type("!");
  await page.reload();
  await expect.poll(() => textbox(page).inputValue()).toBe("stored, typed early!");
});

test("on a touch screen Enter adds a line, the button sends, and the account menu changes that", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL, viewport: phone, hasTouch: true, isMobile: true });
  const { email } = await signUp(page);
  const value = () => textbox(page).inputValue();
  await textbox(page).tap();
  await page.keyboard.type("say one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("and two");
  expect(await value()).toBe("say one\nand two");
  expect(await textbox(page).getAttribute("enterkeyhint")).toBe("enter");
  await page.getByRole("button", { name: "Send message" }).tap();
  await waitForAnswer(page, "complete");

  // In an editor as well.
  await page.getByRole("button", { name: "Edit message" }).tap();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await page.keyboard.press("Enter");
  await page.keyboard.type("and three");
  expect(await editor.inputValue()).toBe("say one\nand two\nand three");
  await page.keyboard.press("Escape");

  await showSidebar(page);
  await page.getByRole("button", { name: `Account and theme: ${email}` }).tap();
  await page.getByRole("menuitemradio", { name: "Sends the message" }).tap();
  await page.reload();
  await textbox(page).tap();
  await expect.poll(() => textbox(page).getAttribute("enterkeyhint")).toBe("send");
  await page.keyboard.type("say four");
  await page.keyboard.press("Enter");
  await expect.poll(() => questions(page).count()).toBe(2);
  await waitForAnswer(page, "complete");
});

test("the list of keys says what Enter does", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  await page.getByRole("button", { name: `Account and theme: ${email}` }).click();
  await page.getByRole("menuitemradio", { name: "Adds a new line" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+/");
  const keys = page.getByRole("dialog").locator("dl").first();
  await expect.poll(() => keys.innerText()).toMatch(/Add a new line\s+Enter\s+Send the message/);
  await page.keyboard.press("Escape");
  await textbox(page).focus();
  await page.keyboard.type("say one");
  await page.keyboard.press("Enter");
  expect(await textbox(page).inputValue()).toBe("say one\n");
  await page.keyboard.press("Control+Enter");
  await waitForAnswer(page, "complete");
});

/** The last key of a composition: as most browsers mark it, and as Safari does after its end. */
const composingKeys = [
  { isComposing: true, keyCode: 229 },
  { isComposing: false, keyCode: 229 },
];

/** Presses a key of an input method in the element with the focus. */
async function pressComposing(page: Page, key: string): Promise<void> {
  for (const marks of composingKeys) {
    await page.evaluate(
      ([key, marks]) => {
        const init = { key, bubbles: true, cancelable: true, ...marks };
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", init));
      },
      [key, marks] as const,
    );
  }
  // What the key would have done takes a render.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}

test("keys of an input method do nothing in the search, a name, a command, an editor and a menu", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  await ask(page, "say にほん");
  await waitForAnswer(page, "complete");
  const { pathname } = new URL(page.url());
  await openNewChat(page);

  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search chats" });
  await search.fill("にほん");
  await page.getByRole("option").first().waitFor();
  for (const key of ["Enter", "Escape", "ArrowDown"]) await pressComposing(page, key);
  expect(new URL(page.url()).pathname).toBe("/");
  expect(await search.inputValue()).toBe("にほん");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === pathname);
  // The address changes before the page does, and the box of a new chat keeps what is typed there.
  await questions(page).first().waitFor();

  await textbox(page).fill("/rename にほ");
  await page.getByRole("listbox", { name: "Commands" }).waitFor();
  for (const key of ["Enter", "Tab", "Escape"]) await pressComposing(page, key);
  expect(await textbox(page).inputValue()).toBe("/rename にほ");
  await page.getByRole("listbox", { name: "Commands" }).waitFor();
  await textbox(page).fill("にほ");
  await pressComposing(page, "Enter");
  expect(await textbox(page).inputValue()).toBe("にほ");
  await textbox(page).fill("");

  await chooseForChat(page, "にほん", "Rename");
  const name = page.getByRole("textbox", { name: "Chat title" });
  await name.fill("にほ");
  for (const key of ["Enter", "Escape"]) await pressComposing(page, key);
  expect(await name.inputValue()).toBe("にほ");
  await page.keyboard.press("Escape");

  await questions(page).first().hover();
  await page.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("にほ");
  for (const key of ["Enter", "Escape"]) await pressComposing(page, key);
  expect(await editor.inputValue()).toBe("にほ");
  await page.keyboard.press("Escape");

  // No shortcut of the page, and no menu.
  await textbox(page).focus();
  await pressComposing(page, "/");
  const account = page.getByRole("button", { name: `Account and theme: ${email}` });
  await account.focus();
  await pressComposing(page, "ArrowDown");
  await pressComposing(page, "?");
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(await page.getByRole("menu").count()).toBe(0);
  expect(await questions(page).count()).toBe(1);
});
