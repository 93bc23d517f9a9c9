import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, chatRows, signUp, textbox, waitForAnswer } from "./support/chat.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");

const notice = (page: Page) => page.getByText("A new version is available.");

/** The web app is deployed again: its server names another build, and the files of this one go. */
async function deployWeb(page: Page): Promise<void> {
  await page.route("**/version", (route) => route.fulfill({ json: { version: "the next" } }));
  await page.route("**/assets/**", (route) => route.fulfill({ status: 404, body: "Not found" }));
}

test("a page whose parts are gone asks for a reload, which loses no draft", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await textbox(page).fill("a thought that I keep");
  await deployWeb(page);

  // A menu, whose code was not loaded before.
  await chatRows(page).first().hover();
  await page
    .getByRole("button", { name: /^Options for/ })
    .first()
    .click();
  await notice(page).waitFor();
  // A dialog opened by the keyboard.
  await page.keyboard.press("Control+k");
  expect(await page.getByText("couldn’t be loaded").count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe("a thought that I keep");

  await page.unrouteAll();
  await page.getByRole("button", { name: "Reload" }).click();
  await notice(page).waitFor({ state: "detached" });
  await expect.poll(() => textbox(page).inputValue()).toBe("a thought that I keep");
});

test("a refused call asks for a reload only when the page is older than the server", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await page.clock.install();
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const refusal = {
    message: "This procedure doesn’t exist.",
    code: -32004,
    data: { errorCode: "NOT_FOUND", httpStatus: 404, requestId: "1" },
  };
  await page.route("**/trpc/votes.set**", (route) =>
    route.fulfill({ status: 404, json: [{ error: refusal }] }),
  );
  const vote = page.getByRole("button", { name: "Good answer" });
  const [version] = await Promise.all([page.waitForResponse("**/version"), vote.click()]);
  expect(await version.json()).toEqual({ version: expect.any(String) });
  expect(await notice(page).count()).toBe(0);

  await page.route("**/version", (route) => route.fulfill({ json: { version: "the next" } }));
  await page.clock.fastForward("02:00");
  await vote.click();
  await notice(page).waitFor();
});
