import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { rootDir } from "../../scripts/lib/paths.ts";
import { signUpByApi } from "./support/api.ts";
import { countTo, createToken, signUp } from "./support/chat.ts";
import { clipboardPermissions, test } from "./support/test.ts";

const baseURL = inject("demoUrl");

/**
 * The status of a program's call with a token.
 *
 * @param token as copied from the page
 */
async function callWith(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${baseURL}/trpc/chats.list?input=%7B%7D`, { headers })).status;
}

function rows(page: Page) {
  return page.getByRole("region", { name: "Your tokens" }).getByRole("listitem");
}

test("a token is created, shown once, used by a program, and revoked", async ({ visit }) => {
  const { page } = await visit({ baseURL, permissions: clipboardPermissions });
  const { email } = await signUp(page);
  await page.getByRole("button", { name: email }).click();
  await page.getByRole("menuitem", { name: "API tokens" }).click();
  await page.getByText("No tokens yet.").waitFor();

  await createToken(page, "Backup script", ["Read chats"]);
  const token = await page.locator("code").innerText();
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Copied", exact: true }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  expect(await callWith(token)).toBe(200);

  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Create token" }).waitFor();
  await page.reload();
  expect(await rows(page).allInnerTexts()).toEqual([
    expect.stringMatching(/Backup script.*Read chats.*Expires .*Created .*Last used /s),
  ]);
  expect(await page.content()).not.toContain(token);

  await page.getByRole("button", { name: "Revoke Backup script" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No tokens yet.").waitFor();
  expect(await callWith(token)).toBe(401);
});

test("the example program asks with a token, and prints the whole answer", async () => {
  const { change } = await signUpByApi(baseURL);
  const wish = { name: "ask", scopes: ["chats:read", "chats:write"], expiresInDays: 1 };
  const { token } = await change<{ token: string }>("account.tokens.create", wish);
  const run = (ownToken: string) =>
    promisify(execFile)(process.execPath, ["examples/ask.ts", baseURL, "count to 40"], {
      cwd: rootDir,
      env: { ...process.env, ALLEATO_TOKEN: ownToken },
    });
  const { stdout } = await run(token);
  expect(stdout.match(/\d+/g)?.map(Number)).toEqual(countTo(40));
  await expect(run("alleato_none")).rejects.toThrow("This API token isn’t valid.");
});

test("a token without a name or a scope is not created, and the page says why", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByText("Enter a name for this token").waitFor();
  await page.getByText("Select at least one permission").waitFor();
  const name = page.getByLabel("Name", { exact: true });
  expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);

  await page.getByLabel("Expires").selectOption("Never");
  await createToken(page, "Forever", ["Write chats", "Open streams"]);
  await page.getByRole("button", { name: "Revoke Forever" }).waitFor();
  expect(await rows(page).allInnerTexts()).toEqual([
    expect.stringMatching(/Write chats, Open streams.*Never expires.*Never used/s),
  ]);
});

test("a list that fails to load says so, and can be retried", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 500/);
  const { page } = await visit({ baseURL });
  const { email } = await signUp(page);
  const isList = /account\.tokens\.list/;
  await page.route(isList, (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.getByRole("button", { name: email }).click();
  await page.getByRole("menuitem", { name: "API tokens" }).click();
  await page.getByRole("status").filter({ hasText: "Loading tokens" }).waitFor();
  await page.getByRole("alert").filter({ hasText: "Can’t reach the server" }).waitFor();
  await page.unroute(isList);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No tokens yet.").waitFor();
});
