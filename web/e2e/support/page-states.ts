import type { Page } from "playwright-core";
import {
  answers,
  ask,
  chatRows,
  createToken,
  fillCredentials,
  gotoAlive,
  newAccount,
  problem,
  questions,
  showSidebar,
  signUp,
  startAsGuest,
  textbox,
  tryAgain,
  visitAlive,
  waitForAnswer,
} from "./chat.ts";
import { documents } from "./document-states.ts";
import { choose, draftFiles, png, text, waitForReady } from "./files.ts";
import type { Walk } from "./walk.ts";

/** Refused requests, and pages that report them, have such a status. */
const refusals = [/status of 4\d\d/];

const signedOut: Walk = {
  name: "signed out",
  problems: refusals,
  states: [
    {
      name: "log in",
      open: (page) => page.goto("/login"),
      shows: (page) => page.getByRole("button", { name: "Log in" }),
    },
    {
      name: "log in, refused",
      open: async (page) => {
        await fillCredentials(page, newAccount());
        await page.getByRole("button", { name: "Log in" }).click();
      },
      shows: problem,
    },
    {
      name: "sign up",
      open: (page) => page.goto("/signup"),
      shows: (page) => page.getByRole("button", { name: "Sign up" }),
    },
    {
      name: "new password, with a link that doesn’t work",
      open: async (page) => {
        await page.goto("/reset#link");
        await page.getByLabel("New password", { exact: true }).fill("geese over the harbour");
        await page.getByLabel("Repeat new password").fill("geese over the harbour");
        await page.getByRole("button", { name: "Set password" }).click();
      },
      shows: problem,
    },
  ],
};

const guest: Walk = {
  name: "a guest",
  begin: startAsGuest,
  states: [
    {
      name: "new chat of a guest, with the sidebar",
      open: showSidebar,
      shows: (page) => page.getByText("You’re using a guest account"),
    },
    {
      name: "new chat of a guest, about to log out",
      open: async (page) => {
        await showSidebar(page);
        await page.getByRole("button", { name: "Log out" }).click();
      },
      shows: (page) => page.getByRole("dialog", { name: "Log out and lose your chats?" }),
    },
    {
      name: "sign up, as a guest",
      open: (page) => page.goto("/signup"),
      shows: (page) => page.getByText("Keep your guest chats on all your devices"),
    },
  ],
};

const newcomer: Walk = {
  name: "an account without chats",
  begin: signUp,
  problems: refusals,
  states: [
    { name: "new chat", open: async () => {}, shows: textbox },
    {
      name: "new chat, with the sidebar",
      open: showSidebar,
      shows: (page) => page.getByText("Your chats will appear here."),
      onlyNarrow: true,
    },
    {
      name: "list of models",
      open: async (page) => {
        await visitAlive(page, "/");
        await page.getByRole("button", { name: /^Model: / }).click();
      },
      shows: (page) => page.getByRole("option"),
    },
    {
      name: "help sheet",
      open: async (page) => {
        await visitAlive(page, "/");
        await page.keyboard.press("Control+/");
      },
      shows: (page) => page.getByRole("dialog", { name: "Keyboard shortcuts and commands" }),
    },
    {
      name: "delete all chats",
      open: async (page) => {
        await visitAlive(page, "/");
        await showSidebar(page);
        await page.getByRole("button", { name: /@example/ }).click();
        await page.getByRole("menuitem", { name: "Delete all chats" }).click();
      },
      shows: (page) => page.getByRole("dialog", { name: "Delete all chats?" }),
    },
    {
      name: "not found",
      open: (page) => page.goto("/nowhere"),
      shows: (page) => page.getByRole("heading", { name: "Page not found" }),
    },
    {
      name: "chat that is not there",
      open: (page) => page.goto("/chat/0199d1f0-0000-7000-8000-000000000000"),
      shows: (page) => page.getByRole("heading", { name: "Page not found" }),
    },
  ],
};

const chats: Walk = {
  name: "chats",
  begin: signUp,
  states: [
    {
      name: "chat",
      open: async (page) => {
        await ask(page, "markdown sample");
        await waitForAnswer(page, "complete");
        // Code and formulas get their styles later than the text.
        await page.locator("article .katex").first().waitFor();
        await page.locator("article pre .hljs-keyword").first().waitFor();
        await ask(page, "think about the sea");
        await waitForAnswer(page, "complete");
        await ask(page, "fail");
        await waitForAnswer(page, "failed");
        await questions(page).first().scrollIntoViewIfNeeded();
      },
      shows: (page) => answers(page, "failed"),
    },
    {
      name: "search with hits, and a pinned chat",
      open: async (page) => {
        await chooseForOnlyChat(page, "Pin");
        await page.getByRole("region", { name: "Pinned" }).waitFor();
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Search chats" }).fill("think");
      },
      shows: (page) => page.getByRole("option"),
    },
    {
      name: "share dialog, public",
      open: async (page) => {
        await page.reload();
        await chooseForOnlyChat(page, "Share");
        await page.getByRole("button", { name: "Create link" }).click();
      },
      shows: (page) => page.getByRole("link", { name: "Open the public page" }),
    },
    {
      name: "public page of a chat",
      open: async (page) => {
        const link = page.getByRole("link", { name: "Open the public page" });
        await page.goto((await link.getAttribute("href")) ?? "");
      },
      shows: (page) => page.getByText("This is how others see your chat."),
    },
    {
      name: "usage",
      open: async (page) => {
        // The answer's end reaches the database a little after the page.
        do await page.goto("/settings/usage");
        while ((await page.getByRole("table").count()) === 0);
      },
      shows: (page) => page.getByRole("table"),
    },
  ],
};

const tools: Walk = {
  name: "chats with tools",
  begin: signUp,
  states: [
    {
      name: "chat with versions, an editor and a tool that asks",
      open: async (page) => {
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
      },
      shows: (page) => page.getByRole("listbox", { name: "Commands" }),
    },
    {
      name: "chat with the results of tools",
      open: async (page) => {
        await visitAlive(page, "/");
        await ask(page, "weather in Paris");
        await page.getByRole("button", { name: "Allow" }).click();
        await page.getByRole("region", { name: "Weather in Paris, France" }).waitFor();
        await waitForAnswer(page, "complete");
        await ask(page, "calculate 1/0");
        await page.getByRole("button", { name: /finite/ }).click();
        await waitForAnswer(page, "complete");
      },
      shows: (page) => page.getByRole("region", { name: "Weather in Paris, France" }),
    },
    {
      name: "chat with the details of an answer beside it",
      open: (page) => page.getByRole("button", { name: "Message details" }).last().click(),
      shows: (page) => page.getByRole("region", { name: "Message details" }).locator("time"),
    },
  ],
};

const files: Walk = {
  name: "files",
  begin: signUp,
  states: [
    {
      name: "files, empty",
      open: (page) => gotoAlive(page, "/settings/files"),
      shows: (page) => page.getByText("No files yet"),
    },
    {
      name: "message with files",
      open: async (page) => {
        await visitAlive(page, "/");
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
        await draftFiles(page, "uploading").waitFor();
      },
      shows: (page) => draftFiles(page, "failed"),
    },
    {
      name: "image viewer",
      open: async (page) => {
        await page.getByRole("button", { name: "Open A picture of the sea.png" }).click();
      },
      shows: (page) =>
        page.getByRole("dialog").getByRole("img", { name: "A picture of the sea.png" }),
    },
    {
      name: "files",
      open: (page) => gotoAlive(page, "/settings/files"),
      shows: (page) => page.getByRole("button", { name: "Delete tall.png" }),
    },
  ],
};

const settings: Walk = {
  name: "settings",
  begin: signUp,
  states: [
    {
      // In the headless shell, where the tests run, notifications are blocked.
      name: "notifications, blocked by the browser",
      open: (page) => gotoAlive(page, "/settings/notifications"),
      shows: (page) => page.getByText("Your browser blocks notifications"),
    },
    {
      name: "API tokens, none yet",
      open: async (page) => {
        await gotoAlive(page, "/settings/tokens");
        await page.getByRole("button", { name: "Create token" }).click();
      },
      shows: (page) => page.getByText("Select at least one"),
    },
    {
      name: "API tokens, a new one",
      open: async (page) => {
        await gotoAlive(page, "/settings/tokens");
        await createToken(page, "Backup script", ["Read chats", "Open streams"]);
      },
      shows: (page) => page.getByRole("button", { name: "Revoke Backup script" }),
    },
    {
      name: "security, with a refused change",
      open: async (page) => {
        await gotoAlive(page, "/settings/security");
        await page.getByRole("button", { name: "Change password" }).click();
      },
      shows: (page) => page.getByText("Enter your current password."),
    },
    {
      name: "log out everywhere",
      open: (page) => page.getByRole("button", { name: "Log out everywhere" }).click(),
      shows: (page) => page.getByRole("dialog", { name: "Log out everywhere?" }),
    },
    {
      name: "import and export, with what came in and what did not",
      open: async (page) => {
        await gotoAlive(page, "/settings/data");
        const chats = [
          { title: "Empty", mapping: {} },
          { title: "Odd", mapping: { a: { parent: "a" } } },
        ];
        await chooseToImport(page, "conversations.json", JSON.stringify(chats));
      },
      shows: (page) => page.getByRole("list", { name: "Chats that weren’t imported" }),
    },
    {
      name: "import and export, a file that is refused",
      open: async (page) => {
        await gotoAlive(page, "/settings/data");
        await chooseToImport(page, "notes.json", "not JSON");
      },
      shows: (page) => page.getByRole("alert").filter({ hasText: "notes.json" }),
    },
    {
      name: "usage, none yet",
      open: (page) => page.goto("/settings/usage"),
      shows: (page) => page.getByRole("heading", { name: "Usage" }),
    },
  ],
};

/** Chooses an item from the menu of the only chat in the sidebar. */
async function chooseForOnlyChat(page: Page, item: string): Promise<void> {
  await showSidebar(page);
  await chatRows(page).first().hover();
  await page.getByRole("button", { name: /^Options for/ }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

function chooseToImport(page: Page, name: string, content: string): Promise<void> {
  return page
    .getByLabel("File to import")
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(content) });
}

/** In two lists, for two files that run side by side. */
export const chatWalks: readonly Walk[] = [chats, tools];
export const pageWalks: readonly Walk[] = [signedOut, guest, newcomer, settings, files, documents];
