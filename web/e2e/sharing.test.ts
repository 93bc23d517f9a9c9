import { expect, inject } from "vitest";
import {
  answers,
  ask,
  chatRows,
  chooseForChat,
  countTo,
  fillCredentials,
  numbersInAnswer,
  phone,
  questions,
  reloadAlive,
  shareChat,
  shareDialog,
  showSidebar,
  signUp,
  textbox,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("a chat is shared, read without a login, and inaccessible once it is private", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 40[14]/);
  const owner = await visit({ baseURL });
  await signUp(owner.page);
  await ask(owner.page, "count to 5");
  await waitForAnswer(owner.page, "complete");
  await textbox(owner.page).fill("/rename Five numbers");
  await textbox(owner.page).press("Enter");
  await expect.poll(() => owner.page.title()).toContain("Five numbers");
  const path = await shareChat(owner.page);
  await showSidebar(owner.page);
  await chatRows(owner.page).getByRole("img", { name: "public" }).waitFor();

  const { page } = await visit({ baseURL, viewport: phone });
  await page.goto(path);
  await page.getByRole("heading", { name: "Five numbers", level: 1 }).waitFor();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(5));
  expect(await textbox(page).count()).toBe(0);
  for (const name of ["Good answer", "Try again", "Edit message"]) {
    expect(await page.getByRole("button", { name }).count()).toBe(0);
  }
  expect(await page.content()).not.toContain("@example.com");

  await reloadAlive(owner.page);
  await chooseForChat(owner.page, "Five numbers", "Share");
  await shareDialog(owner.page).getByRole("button", { name: "Make private" }).click();
  await shareDialog(owner.page).getByRole("button", { name: "Create link" }).waitFor();
  const response = await page.reload();
  expect(response?.status()).toBe(404);
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
});

test("a reader continues in a copy, after a login if necessary", async ({ visit }) => {
  const owner = await visit({ baseURL });
  await signUp(owner.page);
  await ask(owner.page, "count to 5");
  await waitForAnswer(owner.page, "complete");
  const path = await shareChat(owner.page);

  const reader = await visit({ baseURL });
  const account = await signUp(reader.page);
  const { page } = await visit({ baseURL, viewport: phone });
  await page.goto(path);
  await page.getByRole("link", { name: "Log in to continue" }).click();
  await page.waitForURL(/\/login/);
  await fillCredentials(page, account);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`**${path}`);
  await page.getByRole("button", { name: "Continue in a copy" }).dblclick();
  await page.waitForURL(/\/chat\//);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(5));
  await ask(page, "count to 2");
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(2);
  await showSidebar(page);
  await expect.poll(() => chatRows(page).count()).toBe(1);
  // The original is unchanged.
  await owner.page.reload();
  await waitForAnswer(owner.page, "complete");
  expect(await questions(owner.page).count()).toBe(1);
});

test("a shared chat has a card for other sites, and is hidden from search engines", async ({
  visit,
}) => {
  const owner = await visit({ baseURL });
  await signUp(owner.page);
  await ask(owner.page, "count to 5");
  await waitForAnswer(owner.page, "complete");
  await textbox(owner.page).fill("/rename Five “numbers” & more");
  await textbox(owner.page).press("Enter");
  await expect.poll(() => owner.page.title()).toContain("Five");
  const path = await shareChat(owner.page);

  // Only the served HTML counts, because sites read cards without scripts.
  const { page, context } = await visit({ baseURL, javaScriptEnabled: false });
  const served = await context.request.get(path);
  expect(served.headers()["x-robots-tag"]).toBe("noindex, nofollow");
  await page.setContent(await served.text());
  const meta = (name: string) =>
    page.locator(`meta[property="${name}"], meta[name="${name}"]`).first().getAttribute("content");
  expect(await meta("og:title")).toBe("Five “numbers” & more");
  expect(await meta("og:description")).toMatch(/^1 2 3 4 5/);
  expect(await meta("og:url")).toBe(`${baseURL}${path}`);
  expect(await meta("twitter:card")).toBe("summary_large_image");
  expect(await meta("robots")).toContain("noindex");
  const image = await context.request.get((await meta("og:image")) ?? "");
  expect([image.status(), image.headers()["content-type"]]).toEqual([200, "image/png"]);
});

test("a visitor follows a live answer, and is told when the chat becomes private", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 40[14]/);
  const owner = await visit({ baseURL });
  await signUp(owner.page);
  await ask(owner.page, "count to 5000");
  const path = await shareChat(owner.page);
  const { page } = await visit({ baseURL });
  await page.goto(path);
  await answers(page, "streaming").waitFor();
  const before = (await numbersInAnswer(page)).length;
  await expect.poll(async () => (await numbersInAnswer(page)).length).toBeGreaterThan(before);
  await owner.page.getByRole("button", { name: "Share this chat" }).click();
  await shareDialog(owner.page).getByRole("button", { name: "Make private" }).click();
  await page.getByText("This chat is no longer shared").waitFor();
  expect(await answers(page).count()).toBe(0);
});

test("a chat is forked from an earlier answer", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await ask(page, "count to 5");
  await waitForAnswer(page, "complete");
  const address = page.url();
  await answers(page).first().hover();
  await page.getByRole("button", { name: "Fork into a new chat" }).first().dblclick();
  await page.waitForURL((url) => url.href !== address && url.pathname.startsWith("/chat/"));
  await expect.poll(() => answers(page).count()).toBe(1);
  expect(await numbersInAnswer(page)).toEqual(countTo(3));
  await expect.poll(() => chatRows(page).count()).toBe(2);
});
