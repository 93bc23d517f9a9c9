import { expect, inject } from "vitest";
import { type Cable, startCable } from "./support/cable.ts";
import {
  answers,
  ask,
  countTo,
  logInByRequest,
  numbersInAnswer,
  reconnecting,
  signUp,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { test as base, networkProblem } from "./support/test.ts";
import { openElsewhere } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

const test = base.extend<{ cable: Cable }>({
  cable: async ({ expectedProblems }, use) => {
    expectedProblems.push(networkProblem);
    const cable = await startCable(baseURL);
    await use(cable);
    await cable.stop();
  },
});

test("an answer continues by itself when the network returns", async ({ visit, cable }) => {
  const { page } = await visit({ baseURL: cable.url });
  await signUp(page);
  await ask(page, "count to 2000");
  for (const seen of [/\b100\b/, /\b900\b/]) {
    await waitForText(page, seen);
    cable.cut();
    await reconnecting(page).waitFor();
    expect(await answers(page, "streaming").count()).toBe(1);
    expect(await page.getByRole("alert").filter({ hasText: /\S/ }).count()).toBe(0);
    const line = await reconnecting(page).boundingBox();
    const answer = await answers(page).last().boundingBox();
    // The line is below the answer, in space that is always reserved.
    expect(line?.y).toBeGreaterThanOrEqual((answer?.y ?? 0) + (answer?.height ?? 0));

    cable.mend();
    await reconnecting(page).waitFor({ state: "hidden" });
    expect(await answers(page).last().boundingBox()).toMatchObject({ x: answer?.x });
  }
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(2000));
});

test("an answer that ended during an outage is shown completely, without a click", async ({
  visit,
  cable,
}) => {
  const away = await visit({ baseURL: cable.url });
  const account = await signUp(away.page);
  await ask(away.page, "count to 600");
  await waitForText(away.page, /\b20\b/);
  cable.cut();
  await reconnecting(away.page).waitFor();

  const other = await openElsewhere(visit, { baseURL }, away, account);
  await waitForAnswer(other.page, "complete");

  cable.mend();
  await waitForAnswer(away.page, "complete");
  expect(await numbersInAnswer(away.page)).toEqual(countTo(600));
  expect(await reconnecting(away.page).count()).toBe(0);
});

test("after a minute without network the page says so, and still recovers by itself", async ({
  visit,
  cable,
}) => {
  const { page } = await visit({ baseURL: cable.url });
  await page.clock.install();
  await signUp(page);
  await ask(page, "count to 1200");
  await waitForText(page, /\b20\b/);
  cable.cut();
  await reconnecting(page).waitFor();
  await page.clock.fastForward(61_000);
  await page.getByRole("button", { name: "Reconnect now" }).waitFor();
  expect(await reconnecting(page).count()).toBe(0);
  expect(await page.getByRole("alert").filter({ hasText: /\S/ }).count()).toBe(0);

  cable.mend();
  await page.clock.fastForward(11_000);
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(1200));
  expect(await page.getByRole("button", { name: "Reconnect now" }).count()).toBe(0);
});

test("a silent connection is replaced as soon as the network changes", async ({ visit, cable }) => {
  const { page } = await visit({ baseURL: cable.url });
  await page.clock.install();
  await signUp(page);
  await ask(page, "count to 800");
  await waitForText(page, /\b20\b/);
  cable.silence();
  // No event tells the page that its connection is dead. By itself it would notice after 40
  // seconds.
  await page.clock.fastForward(2_000);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(800));
});

test("a frozen tab that lost its connection shows the rest on return", async ({ visit, cable }) => {
  const frozen = await visit({ baseURL: cable.url });
  const account = await signUp(frozen.page);
  const other = await visit({ baseURL });
  await logInByRequest(other.page, account);

  await ask(frozen.page, "count to 800");
  await waitForText(frozen.page, /\b20\b/);
  await other.page.goto(new URL(frozen.page.url()).pathname);
  const session = await frozen.context.newCDPSession(frozen.page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  cable.cut();
  await waitForAnswer(other.page, "complete");
  cable.mend();
  await session.send("Page.setWebLifecycleState", { state: "active" });

  await waitForAnswer(frozen.page, "complete");
  expect(await numbersInAnswer(frozen.page)).toEqual(countTo(800));
});
