import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { standInSecret, startTurnstileStandIn } from "../../scripts/lib/turnstile-stand-in.ts";
import { fillCredentials, newAccount, textbox } from "./support/chat.ts";
import { ownStack } from "./support/own-stack.ts";
import { networkProblem, test, type Visit } from "./support/test.ts";

let turnstile: Awaited<ReturnType<typeof startTurnstileStandIn>>;
beforeAll(async () => {
  turnstile = await startTurnstileStandIn();
});
afterAll(() => turnstile?.stop());

const stack = ownStack("turnstile", () => ({
  TURNSTILE_SITE_KEY: "1x00000000000000000000AA",
  TURNSTILE_SECRET: standInSecret,
  TURNSTILE_URL: turnstile.url,
}));

/** Opens a page of the stack in a fresh browser. */
async function open(visit: Visit, path: string): Promise<Page> {
  const { page } = await visit({ baseURL: stack().url });
  await page.goto(path);
  return page;
}

const check = (page: Page) => page.getByRole("region", { name: "Check that you’re human" });
/** A button of the widget, which is in a frame from the other server. */
const widget = (page: Page, name: string) =>
  check(page).locator("iframe").contentFrame().getByRole("button", { name });
const pass = (page: Page) => widget(page, "I am human");
const guest = (page: Page) => page.getByRole("button", { name: "Continue as guest" });
const demand = "Complete the check that you’re human, then try again.";

test("an account begins after the check, and not without", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of 400/);
  const { page } = await visit({ baseURL: stack().url });
  const response = await page.goto("/signup");
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain(`frame-src ${turnstile.url}`);
  await pass(page).waitFor();
  const account = newAccount();
  await fillCredentials(page, account);
  const submit = page.getByRole("button", { name: "Sign up" });
  await submit.click();
  await page.getByText(demand).waitFor();
  // The widget begins anew, and the password has to be typed again.
  await check(page).locator("[data-resets='1']").waitFor();
  await fillCredentials(page, account);
  await pass(page).click();
  await submit.click();
  await textbox(page).waitFor();
});

test("a guest session begins after the check, and not without", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const page = await open(visit, "/login");
  await pass(page).waitFor();
  await guest(page).click();
  await page.getByText(demand).waitFor();
  await pass(page).click();
  await guest(page).click();
  await textbox(page).waitFor();
});

test("a check that fails or does not load says so, and can be tried again", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const page = await open(visit, "/signup");
  await widget(page, "Fail").click();
  const failure = check(page).getByText("The check that you’re human couldn’t be completed.");
  const again = check(page).getByRole("button", { name: "Try the check again" });
  await failure.waitFor();
  await again.press("Enter");
  await pass(page).waitFor();
  expect(await failure.count()).toBe(0);
  // The button that was pressed is gone, and the next key goes on from here.
  await page.keyboard.press("Tab");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("title")))
    .toBe("Widget");

  const isScript = /turnstile\/v0\/api\.js/;
  await page.route(isScript, (route) => route.abort());
  await page.goto("/login");
  await failure.waitFor();
  await page.unroute(isScript);
  await again.click();
  await pass(page).waitFor();
});

test("an expired token, and one that Cloudflare refuses, do not count", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const page = await open(visit, "/login");
  const token = page.locator("form[action*='/guest'] input[name=turnstileToken]");
  await pass(page).click();
  await token.waitFor({ state: "attached" });
  await widget(page, "Expire").click();
  await token.waitFor({ state: "detached" });
  await widget(page, "I am a program").click();
  await token.waitFor({ state: "attached" });
  await guest(page).click();
  await page.getByText(demand).waitFor();
  expect(new URL(page.url()).pathname).toBe("/login");
});

test("nothing on the page moves while the widget loads", async ({ visit }) => {
  const { page } = await visit({ baseURL: stack().url });
  const gate = Promise.withResolvers<void>();
  await page.route(/turnstile\/v0\/api\.js/, async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto("/login");
  await page.getByText("Loading the check that you’re human…").waitFor();
  const before = await guest(page).boundingBox();
  gate.resolve();
  await pass(page).waitFor();
  await expect.poll(() => page.getByText("Loading the check").count()).toBe(0);
  expect(await guest(page).boundingBox()).toEqual(before);
});

test("the widget has the theme of the page", async ({ visit }) => {
  const { page } = await visit({ baseURL: stack().url });
  await page.context().addCookies([{ name: "theme", value: "dark", url: stack().url }]);
  await page.goto("/signup");
  await check(page)
    .locator("[data-theme='dark'][data-sitekey='1x00000000000000000000AA']")
    .waitFor();
});

test("without its keys nothing of Turnstile is on the page, or in its policy", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL: inject("demoUrl") });
  for (const path of ["/login", "/signup"]) {
    const response = await page.goto(path);
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy.replace(/nonce-[^']+/, "nonce-x")).toBe(
      "default-src 'self'; script-src 'self' 'nonce-x'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; " +
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(await response?.text()).not.toMatch(/siteKey|challenges\.cloudflare|turnstileToken/);
    expect(await check(page).count()).toBe(0);
  }
});
