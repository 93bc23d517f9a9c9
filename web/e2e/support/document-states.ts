import { ask, gotoAlive, signUp, waitForAnswer } from "./chat.ts";
import { createDocument } from "./documents.ts";
import type { Walk } from "./walk.ts";

/** Documents, their editors, and what can be done with them. */
export const documents: Walk = {
  name: "documents",
  begin: signUp,
  states: [
    {
      name: "documents, none yet",
      open: (page) => gotoAlive(page, "/documents"),
      shows: (page) => page.getByText("No documents yet"),
    },
    {
      name: "text in its editor",
      open: async (page) => {
        await page.getByRole("button", { name: "New text" }).click();
        const editor = page.getByRole("textbox", { name: "Content" });
        await editor.click();
        await page.keyboard.type(`# A plan\n\n**Walk** along the [sea](https://example.com).\n\n`);
        await page.keyboard.type("- pack\nwater\n\n`code` and *rest*");
        await editor.blur();
        // `documents.test.ts` has reloads before and during a save.
        await page.locator("[data-save-status=saved]").waitFor();
        await page.reload();
        await editor.click();
        await page.keyboard.press("Control+End");
        await page.keyboard.type(", and more words");
        await editor.blur();
      },
      shows: (page) => page.locator("[data-save-status=saved]"),
    },
    {
      name: "text, as a reader sees it",
      open: (page) => page.getByRole("button", { name: "Preview" }).click(),
      shows: (page) => page.getByRole("heading", { name: "A plan" }),
    },
    {
      name: "versions of a text",
      open: (page) => page.getByRole("button", { name: "Versions" }).click(),
      shows: (page) => page.getByText("compared with version"),
    },
    {
      name: "sheet in its editor",
      open: async (page) => {
        await gotoAlive(page, "/documents");
        await page.getByRole("button", { name: "New sheet" }).click();
        const grid = page.getByRole("grid", { name: "Content" });
        await grid.locator('[aria-rowindex="2"] > [aria-colindex="2"]').click();
        for (const word of ["Item", "Bread", "Milk"]) {
          await page.keyboard.type(word);
          await page.keyboard.press("Enter");
        }
        await page.keyboard.type("Half a");
      },
      shows: (page) => page.getByRole("textbox", { name: "Cell A4" }),
    },
    {
      name: "sheet with chosen cells",
      open: async (page) => {
        for (const key of ["Enter", "Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowRight"]) {
          await page.keyboard.press(key);
        }
      },
      shows: (page) => page.getByText("A3 to B5, 6 cells"),
    },
    {
      name: "versions of a sheet",
      open: (page) => page.getByRole("button", { name: "Versions" }).click(),
      shows: (page) => page.getByText("compared with version"),
    },
    {
      name: "code with a run that failed",
      open: async (page) => {
        const content = 'console.log("one");\nconsole.error("careful");\nnothing.here;';
        const code = { kind: "code", title: "A program", language: "javascript", content } as const;
        await gotoAlive(page, `/documents/${await createDocument(page, code)}`);
        await page.getByRole("button", { name: "Run", exact: true }).click();
      },
      shows: (page) => page.getByRole("status").filter({ hasText: /^Failed/ }),
    },
    {
      name: "documents",
      open: (page) => gotoAlive(page, "/documents"),
      shows: (page) => page.getByRole("link", { name: /Untitled text/ }),
    },
    {
      name: "suggestions for a text",
      open: async (page) => {
        await gotoAlive(page, "/");
        for (const question of ["write an essay about tides", "suggest improvements"]) {
          await ask(page, question);
          await waitForAnswer(page, "complete");
        }
        await gotoAlive(page, "/documents");
        await page.getByRole("link", { name: /Tides/ }).click();
        await page.locator("[data-suggestion]").first().click();
        await page.keyboard.type("x");
      },
      shows: (page) => page.getByText("no longer fits"),
    },
  ],
};
