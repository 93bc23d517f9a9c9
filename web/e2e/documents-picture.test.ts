import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, signUp, waitForAnswer } from "./support/chat.ts";
import { clipboardPermissions as permissions, test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const panel = (page: Page) => page.locator("[data-panel^=document]");
const pictures = (page: Page) => panel(page).getByRole("img");
const prompts = (page: Page) => panel(page).getByRole("region", { name: "Prompts" });
const isLoaded = (page: Page) =>
  pictures(page).evaluateAll((all) =>
    all.every((one) => one instanceof HTMLImageElement && one.naturalWidth === 512),
  );

test("a picture is drawn, redrawn, compared, restored, copied and downloaded", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL, permissions });
  await signUp(page);
  await ask(page, "draw a house by the sea");
  await waitForAnswer(page, "complete");
  await pictures(page).waitFor();
  await expect.poll(() => isLoaded(page), patience).toBe(true);
  expect(await prompts(page).innerText()).toContain("draw a house by the sea.");

  await panel(page).getByRole("button", { name: "Style" }).click();
  await page.getByRole("menuitem", { name: "Watercolor" }).click();
  await page.getByText("I’ve redrawn").waitFor();
  await prompts(page).getByText("Redraw “House by the sea” as a watercolor.").waitFor();

  await panel(page).getByRole("button", { name: "Copy picture" }).click();
  await panel(page).getByRole("button", { name: "Copied" }).waitFor();
  const copied = () =>
    page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bitmap = item && (await createImageBitmap(await item.getType("image/png")));
      return [bitmap?.width, bitmap?.height];
    });
  expect(await copied()).toEqual([512, 384]);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel(page).getByRole("button", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("House by the sea.png");
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");

  await panel(page).getByRole("button", { name: "Versions" }).click();
  await expect.poll(() => pictures(page).count()).toBe(2);
  await expect.poll(() => isLoaded(page), patience).toBe(true);
  await panel(page)
    .getByRole("button", { name: /Version 1/ })
    .click();
  await expect.poll(() => pictures(page).count()).toBe(1);
  await panel(page).getByRole("button", { name: "Restore this version" }).click();
  await prompts(page).waitFor();
  await expect.poll(() => prompts(page).innerText()).not.toContain("watercolor");

  // Alone at its own address, and after a reload.
  const id = await panel(page).getAttribute("data-panel");
  await page.goto(`/documents/${id?.replace("document:", "")}`);
  await page.getByRole("img", { name: /House by the sea/ }).waitFor();
  expect(await page.getByRole("group", { name: "Ask the model" }).count()).toBe(0);
});
