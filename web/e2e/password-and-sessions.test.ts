import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { logIn, logInByRequest, newAccount, signUp, startAsGuest } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

async function openSecurity(page: Page, name: string) {
  await page.getByRole("button", { name }).click();
  await page.getByRole("menuitem", { name: "Security" }).click();
  await page.getByRole("heading", { name: "Security" }).waitFor();
}

function sessions(page: Page) {
  return page.getByRole("region", { name: "Where you’re logged in" }).getByRole("listitem");
}

async function changePassword(page: Page, current: string, next: string, repeated = next) {
  await page.getByLabel("Current password").fill(current);
  await page.getByLabel("New password", { exact: true }).fill(next);
  await page.getByLabel("Repeat new password").fill(repeated);
  await page.getByRole("button", { name: "Change password" }).click();
}

const isFocused = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement);

test("a password is changed with the current one, and other browsers are logged out", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 40[01]/);
  const [laptop, phone] = [await visit({ baseURL }), await visit({ baseURL })];
  const account = await signUp(laptop.page);
  await logInByRequest(phone.page, account);
  const { page } = laptop;
  await openSecurity(page, account.email);
  await expect.poll(() => sessions(page).count()).toBe(2);
  expect(await sessions(page).first().innerText()).toMatch(/This browser.*Active now.*Logged in/s);

  await changePassword(page, "not my password", "geese over the harbour", "geese");
  await page.getByText("The passwords don’t match.").waitFor();
  await changePassword(page, "not my password", "geese over the harbour");
  await page.getByText("This isn’t your current password.").waitFor();
  expect(await isFocused(page, "Current password")).toBe(true);
  await changePassword(page, account.password, "password");
  await page.getByText("This password is too easy to guess.").waitFor();
  expect(await isFocused(page, "New password")).toBe(true);

  await changePassword(page, account.password, "geese over the harbour");
  await page.getByRole("status").filter({ hasText: "Your password was changed." }).waitFor();
  expect(await page.getByLabel("Current password").inputValue()).toBe("");
  await page.getByText("You aren’t logged in anywhere else.").waitFor();
  await page.reload();
  await expect.poll(() => sessions(page).count()).toBe(1);

  await phone.page.goto("/settings/security");
  expect(phone.page.url()).toContain("/login");
  await phone.page.goto("/login");
  await logIn(phone.page, { ...account, password: "geese over the harbour" });
});

test("sessions end: one, all others, and everything", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of (401|500)/);
  const account = newAccount();
  const { page } = await visit({ baseURL });
  await signUp(page, account);
  const others = [await visit({ baseURL, userAgent: "curl/8.14.1" })];
  for (let index = 0; index < 2; index += 1) others.push(await visit({ baseURL }));
  for (const other of others) await logInByRequest(other.page, account);

  const isList = /auth\.sessions\.list/;
  await page.route(isList, (route) => route.fulfill({ status: 500, body: "{}" }));
  await openSecurity(page, account.email);
  await page.getByRole("status").filter({ hasText: "Loading sessions" }).waitFor();
  await page.getByRole("alert").filter({ hasText: "Can’t reach the server" }).waitFor();
  await page.unroute(isList);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => sessions(page).count()).toBe(4);

  await page.getByRole("button", { name: "Log out curl" }).click();
  await expect.poll(() => sessions(page).count()).toBe(3);
  const me = await others[0]?.page.request.get("/trpc/auth.me");
  expect(await me?.json()).toEqual({ result: { data: null } });

  await page.getByRole("button", { name: "Log out all other browsers" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Log out" }).click();
  await page.getByText("You aren’t logged in anywhere else.").waitFor();

  await page.getByRole("button", { name: "Log out everywhere" }).click();
  const dialog = page.getByRole("dialog", { name: "Log out everywhere?" });
  await dialog.getByRole("button", { name: "Log out everywhere" }).click();
  await page.waitForURL(/\/login$/);
  await page.goto("/settings/security");
  expect(page.url()).toContain("/login");
});

test("a guest has no page of security", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of 404/);
  const { page } = await visit({ baseURL });
  await startAsGuest(page);
  await page.goto("/settings/security");
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
  await page.goto("/settings/usage");
  const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
  expect(await links.allInnerTexts()).toEqual([
    "Usage",
    "Files",
    "Import and export",
    "Notifications",
    "Privacy",
  ]);
});

test("a link of the operator opens an account with a new password, once", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const link = inject("resetLink");
  const { page } = await visit({ baseURL });
  const choose = async (password: string, repeated = password) => {
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("Repeat new password").fill(repeated);
    await page.getByRole("button", { name: "Set password" }).click();
  };
  await page.goto("/login");
  await page.getByText("Forgot your password? Ask your administrator").waitFor();
  await page.goto("/reset");
  await page.getByText("This link isn’t complete.").waitFor();
  await page.goto(link);
  await expect.poll(() => page.url()).toBe(`${baseURL}/reset`);
  await choose("geese over the harbour", "geese");
  await page.getByText("The passwords don’t match.").waitFor();
  await choose("password");
  await page.getByText("This password is too easy to guess.").waitFor();
  await expect.poll(() => isFocused(page, "New password")).toBe(true);
  await choose("geese over the harbour");
  await page.waitForURL(`${baseURL}/`);
  await openSecurity(page, "root@example.com");
  await expect.poll(() => sessions(page).count()).toBe(1);

  await page.goto(link);
  await choose("herons under the bridge");
  await page.getByText("This link doesn’t work anymore.").waitFor();
});
