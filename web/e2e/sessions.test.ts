import { expect, inject } from "vitest";
import {
  ask,
  fillCredentials,
  logIn,
  logInByRequest,
  newAccount,
  signUp,
  signUpByForm,
  startAsGuest,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("a visitor without a session is sent to the login page, and back after the login", async ({
  visit,
}) => {
  const known = await visit({ baseURL });
  const account = await signUpByForm(known.page);
  await ask(known.page, "count to 3");
  await waitForAnswer(known.page, "complete");
  const { pathname } = new URL(known.page.url());

  const { page } = await visit({ baseURL });
  await page.goto(pathname);
  const login = new URL(page.url());
  expect(login.pathname).toBe("/login");
  expect(login.searchParams.get("next")).toBe(pathname);
  await logIn(page, account);
  await page.waitForURL(`**${pathname}`);
  await waitForAnswer(page, "complete");
});

test("a login never leads to another site", async ({ visit }) => {
  const account = await signUp((await visit({ baseURL })).page);
  const addresses = ["https://example.com/", "//example.com/", "/\\example.com"].map(
    (next) => `/login?next=${encodeURIComponent(next)}`,
  );
  for (const address of addresses) {
    const { context } = await visit({ baseURL });
    // Sends the form as a browser without scripts does.
    const response = await context.request.post(address, { form: { ...account }, maxRedirects: 0 });
    const to = new URL(response.headers().location ?? "", `${baseURL}${address}`);
    expect([response.status(), to.origin]).toEqual([302, baseURL]);
  }
  const { page } = await visit({ baseURL });
  await page.goto(addresses[1] ?? "");
  await logIn(page, account);
  expect(new URL(page.url()).origin).toBe(baseURL);
});

test("the login and sign-up pages redirect a logged-in user until the logout", async ({
  visit,
  expectedProblems,
}) => {
  // The list of chats may be on its way at the logout.
  expectedProblems.push(/status of 401/);
  const { page } = await visit({ baseURL });
  const account = await signUpByForm(page);
  for (const path of ["/login", "/signup"]) {
    await page.goto(path);
    await textbox(page).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  }
  await page.getByRole("button", { name: account.email }).click();
  await page
    .getByRole("menuitem", { name: "Log out" })
    .or(page.getByRole("button", { name: "Log out" }))
    .click();
  await page.waitForURL("**/login**");
  await page.goto("/");
  expect(new URL(page.url()).pathname).toBe("/login");
});

test("a wrong password and an unknown address get the same response", async ({
  visit,
  expectedProblems,
}) => {
  // The browser logs the refused request.
  expectedProblems.push(/status of 40[01]/);
  const known = await signUpByForm((await visit({ baseURL })).page);
  const messages: string[] = [];
  for (const account of [{ ...known, password: "not my password" }, newAccount()]) {
    const { page } = await visit({ baseURL });
    await page.goto("/login");
    await fillCredentials(page, account);
    await page.getByRole("button", { name: "Log in" }).click();
    messages.push(await page.getByRole("alert").filter({ hasText: /\S/ }).innerText());
  }
  expect(messages[0]).toBeTruthy();
  expect(messages[1]).toBe(messages[0]);
});

test("the next person in a browser does not see unsent text", async ({
  visit,
  expectedProblems,
}) => {
  // A list that is asked for just before the logout.
  expectedProblems.push(/status of 401/);
  const { page, context } = await visit({ baseURL });
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await signUp(page);
  await textbox(page).fill("a secret of the first");
  await expect.poll(stored).toContain("a secret of the first");
  // Logging out deletes it, and the files that the browser has cached.
  const left = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Log out" }).click();
  expect(await (await left).headerValue("clear-site-data")).toBe('"storage", "cache"');
  await page.waitForURL("**/login");
  expect(await stored()).not.toContain("secret");

  await signUpByForm(page);
  expect(await textbox(page).inputValue()).toBe("");
  await textbox(page).fill("a secret of the second");
  await expect.poll(stored).toContain("a secret of the second");
  // So does another person's session, if the one before it ended without a logout.
  // No page is open meanwhile: it would notice the lost session, and leave for the login page.
  await page.goto("about:blank");
  await context.clearCookies();
  await signUp(page);
  await expect.poll(stored).not.toContain("secret");
  expect(await textbox(page).inputValue()).toBe("");
});

test("a guest's unsent text is still there after the login", async ({ visit }) => {
  const account = await signUp((await visit({ baseURL })).page);
  const { page } = await visit({ baseURL });
  await startAsGuest(page);
  await textbox(page).fill("not sent yet");
  await expect
    .poll(() => page.evaluate(() => JSON.stringify({ ...localStorage })))
    .toContain("not sent yet");
  await logIn(page, account);
  await expect.poll(() => textbox(page).inputValue()).toBe("not sent yet");
});

test("a tab that is reading an answer goes to the login page when another tab logs out", async ({
  visit,
  expectedProblems,
}) => {
  // The browser logs the refused requests.
  expectedProblems.push(/status of 401/);
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3000");
  const { pathname } = new URL(page.url());
  const other = await context.newPage();
  await visitAlive(other, "/");
  await other.getByRole("button", { name: "Log out" }).click();
  await other.waitForURL("**/login");
  await page.waitForURL(`**/login?next=${encodeURIComponent(pathname)}`);
  await other.close();
});

test("a tab that shows one user does nothing for another who has logged in elsewhere", async ({
  visit,
  expectedProblems,
}) => {
  // The browser logs the refused requests.
  expectedProblems.push(/status of 4(01|09)/);
  const zoe = await signUp((await visit({ baseURL })).page);
  const { page, context } = await visit({ baseURL });
  const ada = await signUp(page);
  await textbox(page).fill("written by Ada");
  // As with another tab's form: only the cookie of the browser changes.
  await logInByRequest(page, zoe);
  const notice = page.getByRole("dialog", { name: `You’re now logged in as ${zoe.email}` });
  await notice.waitFor();
  await notice.getByRole("button", { name: "Stay on this page" }).click();
  await notice.waitFor({ state: "hidden" });
  await textbox(page).press("Enter");
  await notice.waitFor();
  const { items } = (await (await page.request.get("/trpc/chats.list?input=%7B%7D")).json()).result
    .data as { items: unknown[] };
  expect(items).toEqual([]);
  await notice.getByRole("button", { name: `Continue as ${zoe.email}` }).click();
  await page.getByRole("button", { name: zoe.email }).waitFor();
  // The text stays Ada's, and goes with her drafts.
  expect(await textbox(page).inputValue()).toBe("");
  await expect
    .poll(() => page.evaluate(() => JSON.stringify({ ...localStorage })))
    .not.toContain("Ada");

  // An old tab's button to log out leaves the other user alone.
  await logInByRequest(page, ada);
  await visitAlive(page, "/");
  await logInByRequest(page, zoe);
  await notice.getByRole("button", { name: "Stay on this page" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("button", { name: zoe.email }).waitFor();
  await context.close();
});
