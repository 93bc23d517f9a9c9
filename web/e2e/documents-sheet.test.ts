import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { ask, gotoAlive, phone, signUp, waitForAnswer } from "./support/chat.ts";
import { createDocument, readDocument } from "./support/documents.ts";
import { clipboardPermissions, test } from "./support/test.ts";

const baseURL = inject("demoUrl");
const patience = { timeout: 20_000 };

const grid = (page: Page) => page.getByRole("grid", { name: "Content" });
/** A cell by its place in the sheet, counted from 1. The grid has a row and a column of names. */
const cell = (page: Page, row: number, column: number) =>
  grid(page).locator(`[aria-rowindex="${row + 1}"] > [aria-colindex="${column + 1}"]`);
const untilSaved = (page: Page) => page.locator("[data-save-status=saved]").waitFor();

const readContent = async (page: Page, documentId: string) =>
  (await readDocument(page, documentId)).content;

async function openSheet(page: Page, content: string): Promise<string> {
  const id = await createDocument(page, { kind: "sheet", title: "Budget", content });
  await gotoAlive(page, `/documents/${id}`);
  await grid(page).waitFor();
  return id;
}

/** Types into a cell as a person does, and leaves the grid, which saves. */
async function write(page: Page, row: number, column: number, value: string) {
  await cell(page, row, column).click();
  await page.keyboard.type(value);
  await page.keyboard.press("Enter");
}

async function save(page: Page) {
  await page.getByRole("textbox", { name: "Title" }).focus();
  await untilSaved(page);
}

/** Pastes a text into the chosen cell, as from another program. */
async function paste(page: Page, text: string) {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}

async function download(page: Page, button = page.getByRole("button", { name: "Download" })) {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

test("a sheet is made by the model, watched, stopped, edited, compared and restored", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "make a sheet of bicycle parts");
  const growing = page.getByRole("region", { name: "Content" });
  await growing.getByRole("columnheader", { name: "A", exact: true }).waitFor();
  await growing.getByText("Order 1", { exact: true }).waitFor();
  // What is there is enough, and a busy machine has time to look at it.
  await page.getByRole("button", { name: "Stop" }).click();
  await waitForAnswer(page, "stopped");
  await grid(page).waitFor();
  await expect.poll(() => cell(page, 2, 1).innerText(), patience).toBe("Bicycle parts, small");
  await expect.poll(() => cell(page, 4, 1).innerText(), patience).toBe('Best of "Bicycle parts"');

  await write(page, 2, 2, "15");
  await expect.poll(() => cell(page, 2, 2).innerText(), patience).toBe("15");
  await page.getByRole("button", { name: "Versions" }).click();
  const versions = page.getByRole("navigation", { name: "Versions" });
  await versions.getByRole("button", { name: /Version 2/ }).waitFor();
  const changes = page.getByRole("region", { name: "Version 2" });
  await expect.poll(() => changes.locator("del").allInnerTexts(), patience).toEqual(["12"]);
  expect(await changes.locator("ins").allInnerTexts()).toEqual(["15"]);
  await versions.getByRole("button", { name: /Version 1/ }).click();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await expect.poll(() => cell(page, 2, 2).innerText(), patience).toBe("12");
});

test("opening and leaving a sheet changes no byte, and an edit only its cell", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const nasty = '\uFEFF"n" ,x\r\n1\r\n"a ""b""","c\r\nd", e ,,\r\n\r\n=1+1,"5';
  const id = await openSheet(page, nasty);
  await cell(page, 1, 1).click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Escape");
  await save(page);
  expect(await readContent(page, id)).toBe(nasty);

  await write(page, 3, 3, "new, one");
  await save(page);
  expect(await readContent(page, id)).toBe(nasty.replace(" e ", '"new, one"'));
  await cell(page, 3, 3).click();
  await page.keyboard.press("Control+z");
  await save(page);
  expect(await readContent(page, id)).toBe(nasty);
});

test("what is typed into a cell is kept before it is left", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await openSheet(page, "a,b\n");
  await cell(page, 2, 1).click();
  await page.keyboard.type("half a wo");
  await expect.poll(() => readContent(page, id), patience).toBe("a,b\nhalf a wo,\n");
  await page.keyboard.press("Escape");
  await save(page);
  expect(await readContent(page, id)).toBe("a,b\n");
});

test("CSV is pasted into a new sheet, and downloaded as the same bytes", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await gotoAlive(page, "/documents");
  await page.getByRole("button", { name: "New sheet" }).click();
  await cell(page, 1, 1).click();
  const csv = 'name,"amount"\r\n"Ada, L.",12\r\n\r\n"two\r\nlines",-5';
  await paste(page, csv);
  await expect.poll(() => cell(page, 2, 1).innerText(), patience).toBe("Ada, L.");
  await save(page);
  expect(await download(page)).toEqual({ name: "Untitled sheet.csv", text: csv });
});

test("cells from a spreadsheet are pasted where the person is, and the sheet grows", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await openSheet(page, "a,b\n1,2\n");
  await cell(page, 2, 2).click();
  await paste(page, 'x\ty\r\n"two\r\nlines"\t5" pipe\r\n');
  await save(page);
  expect(await readContent(page, id)).toBe('a,b\n1,x,y\n,"two\r\nlines","5"" pipe"\n');
  await cell(page, 1, 1).click();
  await page.keyboard.press("Control+z");
  await expect.poll(() => cell(page, 2, 2).innerText(), patience).toBe("2");
  await page.getByRole("button", { name: "Redo" }).click();
  await expect.poll(() => cell(page, 2, 2).innerText(), patience).toBe("x");
});

test("rows and columns are added, taken away and sorted", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await openSheet(page, "name,n\nb,10\na,9\n");
  const choose = async (menu: "Row" | "Column", item: string) => {
    await page.getByRole("toolbar", { name: "Sheet" }).getByRole("button", { name: menu }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await cell(page, 2, 2).click();
  await choose("Column", "Sort A to Z");
  await expect.poll(() => cell(page, 2, 1).innerText(), patience).toBe("a");
  await choose("Row", "Insert row below");
  await choose("Column", "Insert column before");
  await save(page);
  expect(await readContent(page, id)).toBe("name,,n\na,,9\n,,\nb,,10\n");
  await choose("Column", "Delete column");
  await choose("Row", "Delete row");
  await save(page);
  expect(await readContent(page, id)).toBe("name,n\n,\nb,10\n");
});

test("the keyboard alone moves, edits and empties cells", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const id = await openSheet(page, "a,b\nc,d\n");
  await cell(page, 1, 1).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Delete");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("D");
  await page.keyboard.press("Alt+Enter");
  await page.keyboard.type("E");
  await page.keyboard.press("Enter");
  await page.keyboard.type("below");
  await page.keyboard.press("Tab");
  await save(page);
  expect(await readContent(page, id)).toBe('a,\nc,"D\nE"\n,below\n');
});

test("several cells are chosen, copied, filled, emptied and cut, each undone in one step", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL, permissions: clipboardPermissions });
  await signUp(page);
  const csv = "a,b,c\n1,2,3\n4,5,6\n";
  const id = await openSheet(page, csv);
  const chosen = page.getByRole("toolbar", { name: "Sheet" }).getByRole("status");
  const selected = grid(page).locator("[role=gridcell][aria-selected=true]");
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const saved = async (content: string) => {
    await expect.poll(() => readContent(page, id), patience).toBe(content);
  };

  await cell(page, 2, 1).click();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(() => chosen.innerText(), patience).toBe("A2 to B3, 4 cells");
  expect(await selected.allInnerTexts()).toEqual(["1", "2", "4", "5"]);
  await page.keyboard.press("Control+c");
  await expect.poll(readClipboard, patience).toBe("1\t2\n4\t5");

  // The same cells by dragging, from the last one to the first.
  await page.keyboard.press("Escape");
  await expect.poll(() => chosen.innerText(), patience).toBe("3 rows");
  await cell(page, 3, 2).hover();
  await page.mouse.down();
  await cell(page, 2, 1).hover();
  await page.mouse.up();
  await expect.poll(() => chosen.innerText(), patience).toBe("A2 to B3, 4 cells");
  await page.keyboard.press("Delete");
  await saved("a,b,c\n,,3\n,,6\n");
  await page.keyboard.press("Control+z");
  await saved(csv);

  await cell(page, 2, 1).click();
  await expect.poll(() => selected.count(), patience).toBe(1);
  await cell(page, 3, 3).click({ modifiers: ["Shift"] });
  await expect.poll(() => chosen.innerText(), patience).toBe("A2 to C3, 6 cells");
  await paste(page, "x");
  await saved("a,b,c\nx,x,x\nx,x,x\n");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+x");
  await expect.poll(readClipboard, patience).toBe("1\t2\t3\n4\t5\t6");
  await saved("a,b,c\n,,\n,,\n");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+a");
  await expect.poll(() => chosen.innerText(), patience).toBe("A1 to C3, 9 cells");
  await saved(csv);
  // Moving on leaves one cell, as before.
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => selected.allInnerTexts(), patience).toEqual(["4"]);
});

test("formulas are downloaded as text, or as they are", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const csv = "a,b\n=1+1,-5\n";
  const id = await openSheet(page, csv);
  await page.getByRole("button", { name: "Download" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 cell begins like a formula.").waitFor();
  const safe = dialog.getByRole("button", { name: "Download as text" });
  expect(await download(page, safe)).toEqual({ name: "Budget.csv", text: "a,b\n'=1+1,-5\n" });
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Download" }).click();
  const kept = await download(page, dialog.getByRole("button", { name: "Keep formulas" }));
  expect(kept.text).toBe(csv);
  expect(await readContent(page, id)).toBe(csv);
});

// How long it takes is measured by `pnpm bench:documents`.
test("a sheet of 50,000 cells opens, is edited, and takes a long paste", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const line = (row: number) => Array.from({ length: 10 }, (_, column) => row * column).join(",");
  const id = await openSheet(page, Array.from({ length: 5_000 }, (_, row) => line(row)).join("\n"));
  await cell(page, 3, 3).click();
  for (let row = 0; row < 10; row += 1) {
    await page.keyboard.type("123456");
    await page.keyboard.press("Enter");
  }
  await paste(page, Array.from({ length: 20_000 }, (_, row) => `${row}\tpasted`).join("\n"));
  await expect.poll(() => page.getByText("20,012 rows").count(), patience).toBe(1);
  await save(page);
  const lines = (await readContent(page, id)).split("\n");
  expect(lines).toHaveLength(20_012);
  expect(lines.filter((one) => one.includes("123456"))).toHaveLength(10);
});

test("on a phone a sheet is edited by touch", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone, hasTouch: true });
  await signUp(page);
  const id = await openSheet(page, "a,b\n1,2\n");
  await cell(page, 2, 1).tap();
  await cell(page, 2, 1).tap();
  await page.getByRole("textbox", { name: "Cell A2" }).fill("touched");
  await page.keyboard.press("Enter");
  await save(page);
  expect(await readContent(page, id)).toBe("a,b\ntouched,2\n");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});
