import type { Locator, Page } from "playwright-core";
import { describe, expect, inject } from "vitest";
import {
  answers,
  ask,
  logIn,
  signUp,
  textbox,
  tryAgain,
  viewports,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const longChatAccount = inject("longChatAccount");

function details(page: Page): Locator {
  return page.getByRole("region", { name: "Message details" });
}

/** The button that opens the details of the last answer. */
function opener(page: Page): Locator {
  return page.getByRole("button", { name: "Message details" }).last();
}

function separator(page: Page): Locator {
  return page.getByRole("separator", { name: "Width of the chat" });
}

/** A chat with two answers. @returns its address */
async function startChat(page: Page): Promise<string> {
  await signUp(page);
  for (const question of ["count to 3", "count to 4"]) {
    await ask(page, question);
    await waitForAnswer(page, "complete");
  }
  return page.url();
}

/** The separator's value and its bounds. */
async function values(page: Page): Promise<Record<"now" | "min" | "max", number>> {
  const value = async (name: string) =>
    Number(await separator(page).getAttribute(`aria-value${name}`));
  return { now: await value("now"), min: await value("min"), max: await value("max") };
}

const hasFocus = (element: Locator) =>
  element.evaluate((node) => node.contains(document.activeElement));

async function widthOf(element: Locator): Promise<number> {
  return (await element.boundingBox())?.width ?? 0;
}

describe.each(viewports)("at $width px", (viewport) => {
  const isWide = viewport.width > 1000;
  const closeName = isWide ? "Close" : "Back to the chat";

  test(`a panel opens, survives a reload, and closes by Back (${viewport.width} px)`, async ({
    visit,
  }) => {
    const { page } = await visit({ baseURL, viewport, hasTouch: !isWide });
    const address = await startChat(page);
    await opener(page).click();
    await details(page).getByText("Demo model").waitFor();
    await page.waitForURL(/\?panel=message:[\w-]+$/);
    expect(await hasFocus(details(page))).toBe(true);
    await details(page).getByText("count to 4").waitFor();
    expect(await textbox(page).isVisible()).toBe(isWide);
    expect(await page.getByRole("button", { name: "Open menu" }).isVisible()).toBe(false);
    if (!isWide)
      expect(await details(page).boundingBox()).toMatchObject({ x: 0, y: 0, ...viewport });

    await page.reload();
    await details(page).getByText("Demo model").waitFor();
    await details(page).locator("time").first().waitFor();
    await page.goBack();
    await page.waitForURL(address);
    await details(page).waitFor({ state: "detached" });
    await textbox(page).waitFor();
    await page.goForward();
    await details(page).waitFor();
  });

  test(`closing a panel returns the focus to its button (${viewport.width} px)`, async ({
    visit,
  }) => {
    const { page } = await visit({ baseURL, viewport });
    const address = await startChat(page);
    const closings = [
      () => page.keyboard.press("Escape"),
      () => details(page).getByRole("button", { name: closeName }).press("Enter"),
      () => page.goBack(),
    ];
    for (const close of closings) {
      await opener(page).press("Enter");
      await details(page).getByText("Status").waitFor();
      await expect.poll(() => hasFocus(details(page))).toBe(true);
      await close();
      await details(page).waitFor({ state: "detached" });
      await page.waitForURL(address);
      await expect.poll(() => hasFocus(opener(page))).toBe(true);
    }
    // Twice from the same entry of the browser's history.
    for (const _ of [1, 2]) {
      await page.goForward();
      await details(page).getByRole("button", { name: closeName }).press("Enter");
      await details(page).waitFor({ state: "detached" });
      await page.waitForURL(address);
    }
  });

  test(`an address with a panel opens it in another tab (${viewport.width} px)`, async ({
    visit,
  }) => {
    const { page, openTab } = await visit({ baseURL, viewport });
    const address = await startChat(page);
    const id = await answers(page).first().getAttribute("data-message-id");
    const tab = await openTab();
    await tab.goto(`${address}?panel=message:${id}`);
    await details(tab).getByText("count to 3").waitFor();
    await details(tab).locator("time").first().waitFor();
    expect(await hasFocus(isWide ? textbox(tab) : details(tab))).toBe(true);
    await details(tab).getByRole("button", { name: closeName }).click();
    await details(tab).waitFor({ state: "detached" });
    await tab.waitForURL(address);
    await textbox(tab).waitFor();
  });
});

test("an address with an unknown panel opens the chat without a panel", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const address = await startChat(page);
  const nowhere = ["message:0199d1f0-0000-7000-8000-000000000000", "poem:1", "toString:1", "x", ""];
  for (const panel of nowhere) {
    await visitAlive(page, `${address}?panel=${panel}`);
    await page.waitForURL(address);
    await page.locator("[data-panel]").waitFor({ state: "detached" });
    expect(await answers(page, "complete").count()).toBe(2);
  }
});

test("Escape does not close a panel while it cancels a composition, nor in the composer", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await startChat(page);
  await opener(page).click();
  await details(page).getByText("Status").waitFor();
  for (const event of [{ isComposing: true }, { keyCode: 229 }]) {
    const init = { key: "Escape", bubbles: true, cancelable: true, ...event };
    await details(page).dispatchEvent("keydown", init);
  }
  await textbox(page).fill("/");
  await textbox(page).press("Escape");
  await textbox(page).press("Escape");
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await details(page).count()).toBe(1);
  await details(page).press("Escape");
  await details(page).waitFor({ state: "detached" });
});

test("a panel replaces another, and Back still closes it", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const address = await startChat(page);
  await opener(page).click();
  await details(page).getByText("count to 4").waitFor();
  await answers(page).first().hover();
  await page.getByRole("button", { name: "Message details" }).first().click();
  await details(page).getByText("count to 3").waitFor();
  expect(await hasFocus(details(page))).toBe(true);
  await page.goBack();
  await page.waitForURL(address);
  await details(page).waitFor({ state: "detached" });
});

test("keys set the width of a panel, and the browser remembers it", async ({ visit }) => {
  const { page, openTab } = await visit({ baseURL });
  const address = await startChat(page);
  await opener(page).click();
  await separator(page).waitFor();
  expect(await values(page)).toEqual({ now: 60, min: 39, max: 68 });
  const before = await widthOf(details(page));
  await separator(page).press("ArrowLeft");
  expect((await values(page)).now).toBe(58);
  await expect.poll(() => widthOf(details(page))).toBeGreaterThan(before + 15);
  await separator(page).press("ArrowRight");
  expect((await values(page)).now).toBe(60);
  await separator(page).press("PageUp");
  expect((await values(page)).now).toBe(68);
  await separator(page).press("End");
  expect((await values(page)).now).toBe(68);
  await expect.poll(() => widthOf(details(page))).toBeCloseTo(320, 0);
  await separator(page).press("Home");
  expect((await values(page)).now).toBe(39);
  const main = await widthOf(page.locator("main"));
  await expect.poll(() => widthOf(details(page))).toBeCloseTo(main - 384, 0);

  const wide = await widthOf(details(page));
  // In the server's HTML, before scripts run.
  const html = await (await page.request.get(page.url())).text();
  expect(html).toMatch(/<section[^>]* data-panel=[^>]*--share:6\d/);
  await page.reload();
  await expect.poll(() => widthOf(details(page))).toBeCloseTo(wide, 0);
  const tab = await openTab();
  await visitAlive(tab, address);
  await opener(tab).click();
  await expect.poll(() => widthOf(details(tab))).toBeCloseTo(wide, 0);
});

test("dragging sets the width of a panel, and a double click resets it", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await startChat(page);
  await opener(page).click();
  await separator(page).waitFor();
  const before = await widthOf(details(page));
  const box = await separator(page).boundingBox();
  const x = (box?.x ?? 0) + (box?.width ?? 0) / 2;
  await page.mouse.move(x, 300);
  await page.mouse.down();
  await page.mouse.move(x - 50, 320, { steps: 4 });
  await page.mouse.up();
  const isMoved = async () => Math.abs((await widthOf(details(page))) - before - 50) < 4;
  await expect.poll(isMoved).toBe(true);
  expect(await hasFocus(separator(page))).toBe(true);
  await page.mouse.move(x - 300, 300);
  expect(await isMoved()).toBe(true);
  await separator(page).dblclick();
  await expect.poll(() => widthOf(details(page))).toBeCloseTo(before, 0);
});

test("the details of an answer show its model, status, times and tokens", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await startChat(page);
  const fact = (name: string) =>
    details(page)
      .getByRole("definition")
      .and(details(page).locator(`dt:text-is("${name}") + dd`));
  const check = async (status: string) => {
    expect(await fact("Model").innerText()).toBe("Demo model");
    expect(await fact("Status").innerText()).toBe(status);
    const [asked, answered] = await details(page)
      .locator("time")
      .evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute("datetime") ?? "")));
    expect(asked).toBeGreaterThan(Date.now() - 120_000);
    expect(answered).toBeGreaterThanOrEqual(asked ?? Number.NaN);
    expect(await fact("Time to answer").innerText()).toMatch(/^\d+(\.\d)? seconds?$/);
    expect(await fact("Input tokens").innerText()).toMatch(/^\d+$/);
    expect(await fact("Output tokens").innerText()).toMatch(/^\d+$/);
  };
  // From the stream, then from the list.
  await opener(page).click();
  await details(page).locator("time").nth(1).waitFor();
  await check("Complete");
  await page.reload();
  await details(page).locator("time").nth(1).waitFor();
  await check("Complete");
});

test("the details close when another version replaces the answer", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  const address = await startChat(page);
  await opener(page).click();
  await details(page).getByText("Status").waitFor();
  await tryAgain(page);
  await details(page).waitFor({ state: "detached" });
  await page.waitForURL(address);
  await page.getByText("2/2").waitFor();
});

test("the details of an older answer load without the messages in between, also after a failure", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await logIn(page, longChatAccount);
  const link = page.locator("a", { hasText: "A chat of 1000 messages" });
  // The page itself has its messages from the server.
  await page.route(/messages\.list/, (route) => route.abort());
  // The id that the seed gives to the 700th message.
  const id = "01700000-0000-7000-8000-400100000699";
  await visitAlive(page, `${await link.getAttribute("href")}?panel=message:${id}`);
  await details(page).getByRole("alert").waitFor();
  await page.unroute(/messages\.list/);
  await details(page).getByRole("button", { name: "Try again" }).click();
  await details(page).getByText("Message 699").waitFor();
  expect(page.url()).toContain(id);
  expect(await answers(page).count()).toBeLessThan(40);
});
