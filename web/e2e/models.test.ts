import { expect, inject } from "vitest";
import { answers, ask, phone, questions, signUp, waitForAnswer } from "./support/chat.ts";
import { test } from "./support/test.ts";

const baseURL = inject("geminiUrl");

test("a model is found and chosen, and stays chosen", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await page.getByRole("button", { name: "Model: Gemini 3.8 Flash" }).click();
  const search = page.getByRole("combobox", { name: "Find a model" });
  await search.waitFor();
  expect(await page.getByRole("option").count()).toBe(3);
  await search.fill("hard");
  await page.getByRole("option", { name: /Gemini 4 Argon.*Tools.*Vision.*Reasoning/s }).waitFor();
  expect(await page.getByRole("option").count()).toBe(1);
  await search.press("Enter");
  const chosen = page.getByRole("button", { name: "Model: Gemini 4 Argon" });
  await chosen.waitFor();
  await ask(page, "say hello");
  await waitForAnswer(page, "complete");
  await page.reload();
  await chosen.waitFor();
  await page.goto("/");
  await chosen.waitFor();
});

test("an answer is given again by another model", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "say hello");
  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("menuitem", { name: "With Gemini 4 Argon" }).click();
  await page.getByText("2/2").waitFor();
  await waitForAnswer(page, "complete");
  await page.getByRole("button", { name: "Model: Gemini 4 Argon" }).waitFor();
  expect(await answers(page).count()).toBe(1);
  expect(await questions(page).count()).toBe(1);
});

test("the list of models is left with Escape, and the button has the focus again", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const button = page.getByRole("button", { name: /^Model: / });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Find a model" }).waitFor();
  await page.keyboard.type("nothing like it");
  await page.getByText("No models found.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox").waitFor({ state: "hidden" });
  await expect
    .poll(() => button.evaluate((element) => element === document.activeElement))
    .toBe(true);
});

test("the list opens at the model in use, and the Enter of an input method chooses none", async ({
  visit,
}) => {
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  const button = page.getByRole("button", { name: /^Model: / });
  const search = page.getByRole("combobox", { name: "Find a model" });
  /** The option that Enter would choose. */
  const active = async () => {
    const id = await search.getAttribute("aria-activedescendant");
    return id === null ? "" : await page.locator(`[id="${id}"]`).innerText();
  };
  await button.click();
  await expect.poll(active).toContain("Gemini 3.8 Flash");
  await search.fill("argon");
  await expect.poll(active).toContain("Gemini 4 Argon");
  await search.press("Enter");
  await page.getByRole("button", { name: "Model: Gemini 4 Argon" }).click();
  await expect.poll(active).toContain("Gemini 4 Argon");
  await search.press("ArrowDown");
  await expect.poll(active).not.toContain("Gemini 4 Argon");

  const session = await context.newCDPSession(page);
  await session.send("Input.imeSetComposition", {
    text: "ふ",
    selectionStart: 1,
    selectionEnd: 1,
  });
  await search.press("Enter");
  await session.send("Input.insertText", { text: "flash" });
  expect(await search.inputValue()).toBe("flash");
  await page.getByRole("button", { name: "Model: Gemini 4 Argon" }).waitFor();
  await search.press("Enter");
  await page.getByRole("button", { name: /^Model: .*Flash/ }).waitFor();
});
