import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  phone,
  questions,
  shareChat,
  signUp,
  textbox,
  waitForAnswer,
} from "./support/chat.ts";
import { copiedAnswer } from "./support/copied-answer.ts";
import {
  clipboardPermissions as permissions,
  test,
  type Visit,
  type Visitor,
} from "./support/test.ts";

const baseURL = inject("geminiUrl");

interface Copied {
  readonly text: string;
  /** What a rich editor takes: without the wrapping and the styles that the browser adds. */
  readonly html: string;
}

async function openAnswer(visit: Visit): Promise<Visitor> {
  const visitor = await visit({ baseURL, permissions });
  const { page } = visitor;
  await signUp(page);
  await ask(page, "Please write what is copied:\n  \ta  <b>");
  await waitForAnswer(page, "complete");
  // Each formula is typeset by itself, once the typesetter is loaded.
  await page.locator(".md .katex-display").waitFor();
  const sentence = page.locator(".md p").filter({ hasText: "The sum" });
  await sentence.locator(".katex").nth(1).waitFor();
  await page.locator(".md table .katex").first().waitFor();
  // Whether it was open while it arrived is a matter of time.
  await page.locator(".md details").evaluate((details: HTMLDetailsElement) => {
    details.open = true;
  });
  return visitor;
}

function readClipboard(page: Page): Promise<Copied> {
  return page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type: string) =>
      item?.types.includes(type) ? (await item.getType(type)).text() : "";
    const html = new DOMParser().parseFromString(await read("text/html"), "text/html");
    return {
      text: (await read("text/plain")).replaceAll("\r\n", "\n"),
      html: html.body.innerHTML.replace(/<!--.*?-->/g, "").trim(),
    };
  });
}

/** A place on the page: the element by a selector, its text and an offset in that. */
type Place = readonly [selector: string, text: string, offset: number];

/** Selects from one place to another, and copies. */
async function copyRange(page: Page, from: Place, to: Place): Promise<Copied> {
  await page.evaluate(
    ([begin, end]) => {
      const find = ([selector, text, offset]: Place): [Node, number] => {
        for (const element of document.querySelectorAll(selector)) {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.textContent?.indexOf(text) ?? -1;
            if (at >= 0) return [node, at + offset];
          }
        }
        throw new Error(`${selector} has no “${text}”.`);
      };
      getSelection()?.setBaseAndExtent(...find(begin), ...find(end));
    },
    [from, to] as const,
  );
  return copySelected(page);
}

async function copySelected(page: Page): Promise<Copied> {
  await page.evaluate(() => navigator.clipboard.writeText("nothing"));
  await page.keyboard.press("Control+c");
  await expect.poll(async () => (await readClipboard(page)).text).not.toBe("nothing");
  return readClipboard(page);
}

/** Pastes into a text field and a rich editor of a page. */
async function paste(page: Page): Promise<{ field: string; editor: string }> {
  await page.evaluate(() => {
    const field = document.createElement("textarea");
    const editor = document.createElement("div");
    editor.contentEditable = "true";
    for (const element of [field, editor]) {
      element.className = "pasted";
      document.body.prepend(element);
    }
  });
  for (const element of await page.locator(".pasted").all()) {
    await element.focus();
    await page.keyboard.press("Control+v");
  }
  const pasted = {
    field: await page.locator("textarea.pasted").inputValue(),
    editor: await page.locator("div.pasted").innerHTML(),
  };
  await page.evaluate(() => {
    for (const element of document.querySelectorAll(".pasted")) element.remove();
  });
  return pasted;
}

const formula = "$$\\int_0^1 x\\,dx\n= \\frac{1}{2}$$";
const tableText = `Name\tValue\tFormula\nA\t1\t$z^3$\n'=SUM(A1)\t\t"two\nlines"`;
const code = 'if a < 1:\n\tprint("b")\n\ndone()';
const tableRows = [
  ["Name", "Value", "Formula"],
  ["A", "1", "$z^3$"],
  ["'=SUM(A1)", "", "two\nlines"],
];

/** The cells of pasted HTML, as a rich editor shows them. */
function cellsOf(page: Page, html: string): Promise<string[][]> {
  return page.evaluate((source) => {
    const { body } = new DOMParser().parseFromString(source, "text/html");
    for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
    return [...body.querySelectorAll("tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent ?? ""),
    );
  }, html);
}

test("a selection with formulas, lists, tables and code is copied as it is meant", async ({
  visit,
}) => {
  const { page } = await openAnswer(visit);

  const words = "sum $a_1 + b$ and the root $\\sqrt{x}$ are";
  expect(await copyRange(page, [".md p", "The sum", 4], [".md p", "are here", 3])).toEqual({
    text: words,
    html: words,
  });
  // From the middle of a formula to the middle of another
  const parts = "$a_1 + b$ and the root $\\sqrt{x}$";
  const inFormula = (text: string): Place => [".md .katex-html", text, 1];
  expect((await copyRange(page, inFormula("a"), inFormula("x"))).text).toBe(parts);
  expect((await copyRange(page, inFormula("x"), [".md p", "The sum", 4])).text).toBe(
    "sum $a_1 + b$ and the root $\\sqrt{x}$",
  );
  const whole = await copyRange(
    page,
    [".md .katex-display", "2", 0],
    [".md .katex-display", "2", 1],
  );
  expect(whole).toEqual({ text: formula, html: `<p>${formula.replace("\n", "<br>")}</p>` });

  expect(await copyRange(page, [".md li", "irst with", 0], [".md li li", "inner", 2])).toEqual({
    text: "3. irst with $y^2$\n4. second\n   - in",
    html: '<ol start="3"><li>irst with $y^2$</li><li>second<ul><li>in</li></ul></li></ol>',
  });

  const cells = await copyRange(page, [".md td", "1", 0], [".md td", "two", 2]);
  expect(cells.text).toBe("\t1\t$z^3$\n'=SUM(A1)\t\ttw");
  expect(await cellsOf(page, cells.html)).toHaveLength(2);
  // A triple click also selects the beginning of what follows.
  const tripleClick = async (selector: string) => {
    await page.locator(selector).first().click({ clickCount: 3 });
    return (await copySelected(page)).text;
  };
  expect(await tripleClick(".md li li")).toBe("inner");
  expect(await tripleClick(".md td")).toBe("A");
  expect(await tripleClick(".md > p")).not.toContain("int");

  // Within a cell it is the words alone, which may be a formula for a spreadsheet.
  const cell = await copyRange(page, [".md td", "=SUM(A1)", 0], [".md td", "=SUM(A1)", 8]);
  expect(cell).toEqual({ text: "=SUM(A1)", html: "=SUM(A1)" });

  expect(await copyRange(page, [".md pre", "if", 0], [".md pre", "done", 6])).toEqual({
    text: code,
    html: `<pre><code>${code.replace("<", "&lt;")}</code></pre>`,
  });
  // Without the number of the note, the name of the language and the buttons
  const all = await copyRange(page, ["article", "Please", 0], [".md p", "end", 2]);
  expect(all.text).toBe(
    [
      "Please write what is copied:\n  \ta  <b>",
      "The sum $a_1 + b$ and the root $\\sqrt{x}$ are here.",
      formula,
      "3. first with $y^2$\n4. second\n   - inner",
      tableText,
      code,
      "blue sky",
      "Rayleigh $k$",
      "More",
      "folded",
      "the docs en",
    ].join("\n\n"),
  );
  expect(all.html).not.toMatch(/class=|<button|<span| data-|katex|python/);
  expect(await paste(page)).toEqual({
    field: all.text,
    editor: all.html.replace(/ style="mso-[^"]*"/, ""),
  });

  // A text field copies its own.
  await textbox(page).fill("$ mine");
  await textbox(page).press("Control+a");
  expect((await copySelected(page)).text).toBe("$ mine");
});

test("Copy answer and Copy table give rich text beside plain text", async ({ visit }) => {
  const { page } = await openAnswer(visit);
  await page.getByRole("button", { name: "Copy answer" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const answer = await readClipboard(page);
  expect(answer.text).toBe(copiedAnswer);
  expect(answer.html).toMatch(
    /^<p>The sum \$a_1 \+ b\$ and the root \$\\sqrt\{x\}\$ are here\.<\/p>/,
  );
  expect(answer.html).toContain("<p>blue<sup>1</sup> sky</p><p><sup>1</sup> Rayleigh $k$</p>");
  expect(answer.html).toContain('<a href="https://docs.example/start">the docs</a>');
  expect(answer.html).not.toMatch(/class=|<button|<span| data-|katex|python/);
  expect(await cellsOf(page, answer.html)).toEqual(tableRows);
  const pasted = await paste(page);
  expect(pasted.field).toBe(copiedAnswer);
  expect(pasted.editor).toBe(answer.html.replace(/ style="mso-[^"]*"/, ""));

  // By the keyboard
  await page.getByRole("region", { name: "Table" }).focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.locator(".md-table").getByRole("button", { name: "Copied" }).waitFor();
  const table = await readClipboard(page);
  expect(table.text).toBe(tableText);
  expect(await cellsOf(page, table.html)).toEqual(tableRows);
  const pastedTable = await paste(page);
  expect(pastedTable.field).toBe(tableText);
  expect(await cellsOf(page, pastedTable.editor)).toEqual(tableRows);

  await questions(page).last().hover();
  await page.getByRole("button", { name: "Copy message" }).click();
  await expect
    .poll(() => readClipboard(page))
    .toEqual({
      text: "Please write what is copied:\n  \ta  <b>",
      html: '<p style="white-space:pre-wrap">Please write what is copied:<br>  \ta  &lt;b&gt;</p>',
    });
});

test("the public page copies the same, also after a reload and on a phone", async ({ visit }) => {
  const owner = await openAnswer(visit);
  const path = await shareChat(owner.page);
  const { page } = await visit({ baseURL, permissions, viewport: phone, hasTouch: true });
  const loaded = page.waitForResponse(/copy-selection/);
  await page.goto(path);
  await loaded;
  // Folded, so not on the screen.
  await page.locator("details:not([open])").waitFor();
  // The script that copies has arrived, and may not have run yet.
  const selected = () => copyRange(page, [".md p", "Rayleigh", 0], [".md p", "end", 2]);
  await expect
    .poll(async () => (await selected()).text)
    .toBe("Rayleigh $k$\n\nMore\n\nthe docs en");
  await page.getByRole("button", { name: "Copy table" }).tap();
  await page.locator(".md-table").getByRole("button", { name: "Copied" }).waitFor();
  expect((await readClipboard(page)).text).toBe(tableText);
  await page.getByRole("button", { name: "Copy answer" }).tap();
  await expect.poll(async () => (await readClipboard(page)).text).toBe(copiedAnswer);
  expect((await readClipboard(page)).html).toContain("<p>folded</p>");
});

test("an old browser copies plain text, and a refusal is shown", async ({ visit }) => {
  const { page } = await openAnswer(visit);
  await page.evaluate(() => {
    Object.assign(window, { RichItem: ClipboardItem, ClipboardItem: undefined });
  });
  await page.getByRole("button", { name: "Copy table" }).click();
  await page.locator(".md-table").getByRole("button", { name: "Copied" }).waitFor();
  expect(await readClipboard(page)).toEqual({ text: tableText, html: "" });
  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException("No.", "NotAllowedError"));
    Object.assign(navigator.clipboard, { write: refuse, writeText: refuse });
    Object.assign(window, { ClipboardItem: Reflect.get(window, "RichItem") });
  });
  await page.getByRole("button", { name: "Copy answer" }).click();
  await page.getByRole("button", { name: "Couldn’t copy" }).waitFor();
});
