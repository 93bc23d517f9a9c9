import { expect, inject } from "vitest";
import { showSidebar, signUp } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("a dialog closes only by a click on its backdrop, and returns the focus", async ({
  visit,
}) => {
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  const opener = page.getByRole("button", { name: "Search chats" });
  const dialog = page.getByRole("dialog", { name: "Search chats" });
  const field = dialog.getByRole("combobox");
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);

  // Escape cancels the composition of an input method and leaves the dialog open.
  const session = await context.newCDPSession(page);
  await session.send("Input.imeSetComposition", {
    text: "かな",
    selectionStart: 2,
    selectionEnd: 2,
  });
  expect(await field.inputValue()).toBe("かな");
  await page.keyboard.press("Escape");
  await session.send("Input.insertText", { text: "仮名" });
  expect(await field.inputValue()).toBe("仮名");

  // A text selection may end outside the dialog.
  const box = await field.boundingBox();
  if (!box) throw new Error("The field is not on the page.");
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(20, 20, { steps: 3 });
  await page.mouse.up();
  expect(await dialog.count()).toBe(1);

  await page.mouse.click(20, 20);
  await dialog.waitFor({ state: "detached" });
  expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
});

test("a dialog stays open during its request, however often Escape is pressed", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const requests: (() => Promise<void>)[] = [];
  await page.route(/chats\.deleteAll/, (route) => {
    requests.push(() => route.continue());
  });
  await showSidebar(page);
  await page.getByRole("button", { name: /@example\.com/ }).click();
  await page.getByRole("menuitem", { name: "Delete all chats" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete all chats?" });
  await dialog.getByRole("textbox").fill("delete all");
  await dialog.getByRole("textbox").press("Enter");
  await expect.poll(() => requests.length).toBe(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  // A closed dialog has no role, even while it is in the document.
  expect(await dialog.isVisible()).toBe(true);
  // Without focus the dialog receives no key, as with Android's back gesture.
  await dialog.getByRole("textbox").blur();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("Escape");
  await expect.poll(() => dialog.isVisible()).toBe(true);
  await requests[0]?.();
  await dialog.waitFor({ state: "detached" });
});
