import type { Page } from "playwright-core";
import {
  ask,
  chatRows,
  createToken,
  fillCredentials,
  gotoAlive,
  newAccount,
  questions,
  showSidebar,
  signUp,
  startAsGuest,
  textbox,
  tryAgain,
  waitForAnswer,
} from "./chat.ts";
import { choose, draftFiles, png, text, waitForReady } from "./files.ts";

/** Leaves the dialog open. @returns the address of the public page */
async function sharedChat(page: Page): Promise<string> {
  await signUp(page);
  await ask(page, "markdown sample");
  await waitForAnswer(page, "complete");
  await showSidebar(page);
  await chatRows(page).first().hover();
  await page.getByRole("button", { name: /^Options for/ }).click();
  await page.getByRole("menuitem", { name: "Share" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const link = page.getByRole("link", { name: "Open the public page" });
  return (await link.getAttribute("href")) ?? "";
}

/** The pages of the product, each in a state that shows what it can show. */
export interface PageState {
  readonly name: string;
  /** Brings the page there, from a browser that knows nothing yet. */
  open(page: Page): Promise<void>;
}

export const pageStates: readonly PageState[] = [
  {
    name: "log in",
    open: async (page) => {
      await page.goto("/login");
    },
  },
  {
    name: "log in, refused",
    open: async (page) => {
      await page.goto("/login");
      await fillCredentials(page, newAccount());
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("alert").filter({ hasText: /\S/ }).first().waitFor();
    },
  },
  {
    name: "sign up",
    open: async (page) => {
      await page.goto("/signup");
    },
  },
  {
    name: "sign up, as a guest",
    open: async (page) => {
      await startAsGuest(page);
      await page.goto("/signup");
    },
  },
  {
    name: "new chat of a guest, about to log out",
    open: async (page) => {
      await startAsGuest(page);
      await showSidebar(page);
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("dialog", { name: "Leave your chats behind?" }).waitFor();
    },
  },
  {
    name: "new chat",
    open: async (page) => {
      await signUp(page);
    },
  },
  {
    name: "chat",
    open: async (page) => {
      await signUp(page);
      await ask(page, "markdown sample");
      await waitForAnswer(page, "complete");
      // Code and formulas get their looks later than the text.
      await page.locator("article .katex").first().waitFor();
      await page.locator("article pre .hljs-keyword").first().waitFor();
      await ask(page, "think about the sea");
      await waitForAnswer(page, "complete");
      await ask(page, "fail");
      await waitForAnswer(page, "failed");
      await questions(page).first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: "chat with versions, an editor and a tool that asks",
    open: async (page) => {
      await signUp(page);
      await ask(page, "think about the sea");
      await waitForAnswer(page, "complete");
      await page.getByRole("button", { name: /^Thought for/ }).click();
      await tryAgain(page);
      await page.getByText("2/2").waitFor();
      await waitForAnswer(page, "complete");
      await page.getByRole("button", { name: "Good answer" }).click();
      await ask(page, "weather in Paris");
      await page.getByRole("button", { name: "Allow" }).waitFor();
      await questions(page).first().hover();
      await page.getByRole("button", { name: "Edit message" }).first().click();
      await textbox(page).fill("/");
      await page.getByRole("listbox", { name: "Commands" }).waitFor();
    },
  },
  {
    name: "chat with the results of tools",
    open: async (page) => {
      await signUp(page);
      await ask(page, "weather in Paris");
      await page.getByRole("button", { name: "Allow" }).click();
      await page.getByRole("region", { name: "Weather in Paris, France" }).waitFor();
      await waitForAnswer(page, "complete");
      await ask(page, "calculate 1/0");
      await page.getByRole("button", { name: /finite/ }).click();
      await waitForAnswer(page, "complete");
    },
  },
  {
    name: "list of models",
    open: async (page) => {
      await signUp(page);
      await page.getByRole("button", { name: /^Model: / }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "help sheet",
    open: async (page) => {
      await signUp(page);
      await page.keyboard.press("Control+/");
      await page.getByRole("dialog", { name: "Shortcuts and commands" }).waitFor();
    },
  },
  {
    name: "search with hits, and a pinned chat",
    open: async (page) => {
      await signUp(page);
      await ask(page, "Where do albatrosses sleep?");
      await waitForAnswer(page, "complete");
      await showSidebar(page);
      await chatRows(page).first().hover();
      await page.getByRole("button", { name: /^Options for/ }).click();
      await page.getByRole("menuitem", { name: "Pin" }).click();
      await page.getByRole("region", { name: "Pinned" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search chats" }).fill("albat");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "delete all chats",
    open: async (page) => {
      await signUp(page);
      await showSidebar(page);
      await page.getByRole("button", { name: /@example/ }).click();
      await page.getByRole("menuitem", { name: "Delete all chats" }).click();
      await page.getByRole("dialog", { name: "Delete all chats?" }).waitFor();
    },
  },
  {
    name: "share dialog, public",
    open: async (page) => {
      await sharedChat(page);
    },
  },
  {
    name: "public page of a chat",
    open: async (page) => {
      await page.goto(await sharedChat(page));
      await page.getByText("This is your chat, as others see it.").waitFor();
    },
  },
  {
    name: "API tokens, none yet",
    open: async (page) => {
      await signUp(page);
      await page.goto("/settings/tokens");
      await page.getByRole("button", { name: "Create token" }).click();
      await page.getByText("Choose at least one").waitFor();
    },
  },
  {
    name: "API tokens, a new one",
    open: async (page) => {
      await signUp(page);
      await page.goto("/settings/tokens");
      await createToken(page, "Backup script", ["Read chats", "Open streams"]);
      await page.getByRole("button", { name: "Revoke Backup script" }).waitFor();
    },
  },
  {
    name: "import and export, with what came in and what did not",
    open: async (page) => {
      await signUp(page);
      await gotoAlive(page, "/settings/data");
      const chats = [
        { title: "Empty", mapping: {} },
        { title: "Odd", mapping: { a: { parent: "a" } } },
      ];
      await page.getByLabel("File with chats").setInputFiles({
        name: "conversations.json",
        mimeType: "application/json",
        buffer: Buffer.from(JSON.stringify(chats)),
      });
      await page.getByRole("list", { name: "Chats that were not imported" }).waitFor();
    },
  },
  {
    name: "import and export, a file that is refused",
    open: async (page) => {
      await signUp(page);
      await gotoAlive(page, "/settings/data");
      await page.getByLabel("File with chats").setInputFiles({
        name: "notes.json",
        mimeType: "application/json",
        buffer: Buffer.from("not JSON"),
      });
      await page.getByRole("alert").filter({ hasText: "notes.json" }).waitFor();
    },
  },
  {
    name: "usage, none yet",
    open: async (page) => {
      await signUp(page);
      await page.goto("/settings/usage");
    },
  },
  {
    name: "usage",
    open: async (page) => {
      await signUp(page);
      await ask(page, "count to 20");
      await waitForAnswer(page, "complete");
      // The end of an answer is written a little after the page has it.
      for (let isThere = false; !isThere; isThere = (await page.getByRole("table").count()) > 0) {
        await page.goto("/settings/usage");
      }
    },
  },
  {
    name: "files",
    open: async (page) => {
      await signUp(page);
      await choose(page, [png("A picture of the sea.png", 640, 400), text("notes.md", "# A plan")]);
      await waitForReady(page, 2);
      await ask(page, "Keep these");
      await waitForAnswer(page, "complete");
      await gotoAlive(page, "/settings/files");
    },
  },
  {
    name: "files, empty",
    open: async (page) => {
      await signUp(page);
      await gotoAlive(page, "/settings/files");
    },
  },
  {
    name: "message with files",
    open: async (page) => {
      await signUp(page);
      await choose(page, [
        png("A picture of the sea.png", 640, 400),
        png("tall.png", 100, 300),
        text("notes.md", "# A plan"),
      ]);
      await waitForReady(page, 3);
      await ask(page, "What is in these?");
      await waitForAnswer(page, "complete");
      await page.route(/uploads\.create/, () => undefined);
      await choose(page, [
        png("under way.png"),
        { name: "page.html", mimeType: "text/html", buffer: Buffer.alloc(0) },
      ]);
      await draftFiles(page, "failed").waitFor();
    },
  },
  {
    name: "picture viewer",
    open: async (page) => {
      await signUp(page);
      await choose(page, [png("sea.png", 640, 400), png("hills.png", 640, 400)]);
      await waitForReady(page, 2);
      await ask(page, "Look");
      await waitForAnswer(page, "complete");
      await page.getByRole("button", { name: "Open sea.png" }).click();
      await page.getByRole("dialog").getByRole("img", { name: "sea.png" }).waitFor();
    },
  },
  {
    name: "not found",
    open: async (page) => {
      await signUp(page);
      await page.goto("/nowhere");
    },
  },
  {
    name: "chat that is not there",
    open: async (page) => {
      await signUp(page);
      await page.goto("/chat/0199d1f0-0000-7000-8000-000000000000");
    },
  },
];
