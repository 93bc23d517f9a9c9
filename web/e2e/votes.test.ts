import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  logInByRequest,
  phone,
  problem,
  signUp,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { networkProblem, test } from "./support/test.ts";
import { chatInTwoBrowsers } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

const good = (page: Page) => page.getByRole("button", { name: "Good answer" });
const bad = (page: Page) => page.getByRole("button", { name: "Bad answer" });

async function expectVote(page: Page, vote: "up" | "down" | "none"): Promise<void> {
  const shown = async () => [
    await good(page).getAttribute("aria-pressed"),
    await bad(page).getAttribute("aria-pressed"),
  ];
  await expect.poll(shown).toEqual([String(vote === "up"), String(vote === "down")]);
}

test("a vote is given, changed and removed, also in another browser", async ({ visit }) => {
  const [first, second] = await chatInTwoBrowsers(visit, { baseURL }, { viewport: phone });
  const expectInBoth = async (vote: "up" | "down" | "none") => {
    for (const { page } of [first, second]) await expectVote(page, vote);
  };

  await expectInBoth("none");
  await good(first.page).click();
  await expectInBoth("up");
  await bad(second.page).click();
  await expectInBoth("down");
  await first.page.reload();
  await expectInBoth("down");
  await bad(first.page).click();
  await expectInBoth("none");
});

test("a vote that fails is undone on the page, with a notice", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await good(page).click();
  await expectVote(page, "up");
  await context.route(/votes\.set/, (route) => route.abort());
  await bad(page).click();
  await problem(page).waitFor();
  await expectVote(page, "up");
  await context.unroute(/votes\.set/);
  await bad(page).click();
  await expectVote(page, "down");
  expect(await problem(page).count()).toBe(0);
});

test("a vote given while another page loads the votes shows there", async ({ visit }) => {
  const first = await visit({ baseURL });
  const account = await signUp(first.page);
  await ask(first.page, "count to 3");
  await waitForAnswer(first.page, "complete");
  const second = await visit({ baseURL });
  await logInByRequest(second.page, account);
  const answered = Promise.withResolvers<void>();
  const voted = Promise.withResolvers<void>();
  await second.page.route(
    /votes\.list/,
    async (route) => {
      const response = await route.fetch();
      answered.resolve();
      await voted.promise;
      // The page may have sent the request again, and then ignores this response.
      await route.fulfill({ response }).catch(() => undefined);
    },
    { times: 1 },
  );
  await visitAlive(second.page, first.page.url());
  await answered.promise;
  await good(first.page).click();
  await expectVote(first.page, "up");
  await first.page.reload();
  await expectVote(first.page, "up");
  voted.resolve();
  await expectVote(second.page, "up");
});
