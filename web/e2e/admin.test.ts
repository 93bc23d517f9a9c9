import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { testWalks } from "./support/accessibility.ts";
import { logInAsAdmin, openAdministration, openAdminPage } from "./support/admin.ts";
import { addAdministrator } from "./support/admin-account.ts";
import {
  ask,
  expectToFitScreen,
  fillCredentials,
  logInByRequest,
  newAccount,
  signUp,
  startAsGuest,
  textbox,
  visitAlive,
  waitForAnswer,
} from "./support/chat.ts";
import { ownStack } from "./support/own-stack.ts";
import { clipboardPermissions, test } from "./support/test.ts";
import type { Walk } from "./support/walk.ts";

const baseURL = inject("demoUrl");

/** The addresses of administration, with one of a user who may exist. */
const addresses = [
  "/admin",
  "/admin/users",
  "/admin/audit",
  "/admin/invites",
  "/admin/limits",
  "/admin/models",
  "/admin/settings",
  "/admin/chats",
  "/admin/streams",
  "/admin/votes",
  "/admin/users/0199d1f0-0000-7000-8000-000000000000",
  "/admin/nothing",
];

/** What a page looks like to someone who opens an address: its status, theme and body. */
async function open(page: Page, address: string) {
  const response = await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return {
    status: response?.status(),
    url: new URL(page.url()).pathname.replace(address, ""),
    theme: await page.locator("html").getAttribute("data-theme"),
    body: await page.locator("main").innerHTML(),
  };
}

test("a visitor, a guest and a user find the not-found page in place of administration", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 404/);
  const callers: Record<string, (page: Page) => Promise<unknown>> = {
    visitor: async () => {},
    guest: startAsGuest,
    user: signUp,
  };
  for (const [name, begin] of Object.entries(callers)) {
    const { page, context } = await visit({ baseURL });
    await begin(page);
    await context.addCookies([{ name: "theme", value: "dark", url: baseURL }]);
    const unknown = await open(page, "/nowhere");
    expect(unknown).toMatchObject({ status: 404, url: "" });
    expect(unknown.body).toContain("Page not found");
    for (const address of addresses) {
      expect(await open(page, address), `${name}, ${address}`).toEqual(unknown);
    }
    // Data without the page is refused in the same way.
    const data = await page.request.get("/admin/users.data");
    expect(await data.text()).not.toContain("@");
  }
});

let adminLink = "";
const inviting = ownStack(
  "inviting",
  () => ({ SIGNUP: "invite" }),
  async (stateDir) => {
    adminLink = await addAdministrator(stateDir);
  },
);

test("a person signs up with the link of an invitation, whose secret no server sees in an address, once", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 400/);
  const options = { baseURL: inviting().url };
  const admin = (await visit({ ...options, permissions: clipboardPermissions })).page;
  await admin.goto(adminLink);
  await admin.getByLabel("New password", { exact: true }).fill("geese over the harbour");
  await admin.getByLabel("Repeat new password").fill("geese over the harbour");
  await admin.getByRole("button", { name: "Set password" }).click();
  await textbox(admin).waitFor();
  await visitAlive(admin, "/");
  await openAdministration(admin);
  await openAdminPage(admin, "Invitations");
  await admin.getByRole("button", { name: "New invitation" }).click();
  await admin.getByRole("button", { name: "Create invitation" }).click();
  await admin.getByRole("button", { name: "Copy link" }).click();
  await admin.getByRole("button", { name: "Copied", exact: true }).waitFor();
  const link = await admin.evaluate(() => navigator.clipboard.readText());
  const [, secret = ""] = link.split("#invite=");
  expect(secret.length).toBeGreaterThan(40);

  const addresses: string[] = [];
  const guest = (await visit(options)).page;
  guest.on("request", (request) => addresses.push(request.url()));
  await guest.goto(link);
  const token = guest.locator("input[name=invite][type=hidden]");
  await token.waitFor({ state: "attached" });
  const account = newAccount();
  await fillCredentials(guest, { ...account, password: "password" });
  await guest.getByRole("button", { name: "Sign up" }).click();
  await guest.getByText("This password is too easy to guess.").waitFor();
  expect(await token.inputValue()).toBe(secret);
  await guest.getByLabel("Password", { exact: true }).fill(account.password);
  await guest.getByRole("button", { name: "Sign up" }).click();
  await textbox(guest).waitFor();
  expect(addresses.filter((address) => address.split("#")[0]?.includes(secret))).toEqual([]);

  // Without scripts the link is pasted. It has been used.
  const second = (await visit({ ...options, javaScriptEnabled: false })).page;
  await second.goto(link);
  await fillCredentials(second, newAccount());
  await second.getByLabel("Invitation link").fill(link);
  await second.getByRole("button", { name: "Sign up" }).click();
  await second
    .getByText("This invitation doesn’t work for this address, or not anymore.")
    .waitFor();
  expect(await second.getByLabel("Invitation link").inputValue()).toBe(link);
});

const person = newAccount();
const reason = "Someone reported this chat";

/** A dialog of administration. */
const dialog = (page: Page, name: RegExp) => page.getByRole("dialog", { name });

/** The buttons that open the chats of the list. */
const chatButtons = (page: Page) =>
  page.getByRole("table", { name: "Chats" }).getByRole("button", { name: /^Open / });

const walk: Walk = {
  name: "administration",
  // The chat that was to be opened without a reason.
  problems: [/status of 400/],
  begin: async (page) => {
    await signUp(page, person);
    await ask(page, "count to 3");
    await waitForAnswer(page, "complete");
    const voted = page.waitForResponse((response) => response.url().includes("votes.set"));
    await page.getByRole("button", { name: "Good answer" }).click();
    await voted;
    // A page that notices the end of its session loads another.
    await page.goto("about:blank");
    await page.context().clearCookies();
    await logInAsAdmin(page);
  },
  states: [
    {
      name: "overview",
      open: async (page) => {
        await openAdministration(page);
        // The answer's end reaches the database a little after the page.
        await expect
          .poll(async () => {
            await page.reload();
            await page.getByRole("heading", { name: "Answers by day" }).waitFor();
            return page.getByText("No answers in the last").count();
          })
          .toBe(0);
        for (const numbers of await page.getByText("Show numbers").all()) await numbers.click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByRole("table", { name: /^Answers by day/ }).getByText("Total"),
    },
    {
      name: "overview, of the last week",
      open: (page) => page.getByRole("link", { name: "7 days" }).click(),
      shows: (page) => page.getByText("new in 7 days").first(),
    },
    {
      name: "overview, with a scheduled job that failed",
      open: (page) =>
        page.getByRole("heading", { name: "Scheduled jobs" }).scrollIntoViewIfNeeded(),
      shows: (page) => page.getByRole("row", { name: /D1_ERROR: The database is busy.*Failed/ }),
    },
    {
      name: "users",
      open: (page) => openAdminPage(page, "Users"),
      shows: (page) => page.getByRole("table", { name: "Users" }),
    },
    {
      name: "invitations, none yet",
      open: (page) => openAdminPage(page, "Invitations"),
      shows: (page) => page.getByText("No invitations yet."),
    },
    {
      name: "a new invitation, for an address that is none",
      open: async (page) => {
        await page.getByRole("button", { name: "New invitation" }).click();
        await page.getByLabel("Email address").fill("no address");
        await page.getByRole("button", { name: "Create invitation" }).click();
      },
      shows: (page) => page.getByText("Enter a valid email address"),
    },
    {
      name: "an invitation with its link",
      open: async (page) => {
        await page.getByLabel("Email address").fill("friend@example.com");
        await page.getByRole("button", { name: "Create invitation" }).click();
        await page.getByRole("button", { name: "Copy link" }).waitFor();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByText("/signup#invite="),
    },
    {
      name: "an invitation, about to be revoked",
      open: async (page) => {
        await page.getByRole("button", { name: "Done" }).click();
        await page.getByRole("button", { name: "Revoke" }).click();
      },
      shows: (page) => dialog(page, /^Revoke the invitation for friend@example.com/),
    },
    {
      name: "a revoked invitation",
      open: (page) =>
        dialog(page, /^Revoke /)
          .getByRole("button", { name: "Revoke" })
          .click(),
      shows: (page) => page.getByText("Revoked"),
    },
    {
      name: "models, with a price of too many decimals",
      open: async (page) => {
        await openAdminPage(page, "Models");
        const model = page.getByRole("group", { name: "Demo model, text only" });
        await model.getByLabel("Input price").fill("0.0001");
        await model.getByLabel("Output price").fill("1");
        await page.getByRole("button", { name: "Save" }).click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByText("Enter an amount in dollars with at most three decimals"),
    },
    {
      name: "limits, with an amount that is none",
      open: async (page) => {
        await openAdminPage(page, "Limits");
        const guests = page.getByRole("region", { name: "Guests" });
        await guests.getByLabel("Dollars per day").selectOption("number");
        await guests.getByRole("button", { name: "Save" }).click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByText("Enter an amount in dollars above 0"),
    },
    {
      name: "settings, with a limit that is none",
      open: async (page) => {
        await openAdminPage(page, "Settings");
        await page.getByLabel("Tokens per day").selectOption("number");
        await page.getByRole("button", { name: "Save" }).click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByText("Enter a whole number from 1."),
    },
    {
      name: "users again",
      open: (page) => openAdminPage(page, "Users"),
      shows: (page) => page.getByRole("table", { name: "Users" }),
    },
    {
      name: "users, none found",
      open: (page) => page.getByRole("searchbox", { name: "Search users" }).fill("no such user"),
      shows: (page) => page.getByText("No user has a name or an email address"),
    },
    {
      name: "a user",
      open: async (page) => {
        await page.getByRole("searchbox", { name: "Search users" }).fill(person.email);
        await page.getByRole("link", { name: person.email }).click();
        // The answer's end reaches the database a little after the page.
        while ((await page.getByText("No usage in the last").count()) > 0) await page.reload();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByRole("heading", { level: 1, name: person.email }),
    },
    {
      name: "a user, about to be searched without a reason",
      open: async (page) => {
        await page.getByRole("button", { name: "Search by text" }).click();
        await page.getByLabel("Text", { exact: true }).fill("count");
        await dialog(page, /^Search /)
          .getByRole("button", { name: "Search" })
          .click();
      },
      shows: (page) => page.getByText("Enter a reason."),
    },
    {
      name: "what a search of a user finds",
      open: async (page) => {
        await page.getByLabel("Reason").fill(reason);
        await dialog(page, /^Search /)
          .getByRole("button", { name: "Search" })
          .click();
        await page.locator("mark").first().waitFor();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByRole("heading", { level: 1, name: "Search for “count”" }),
    },
    {
      name: "the user again",
      open: (page) => page.getByRole("main").getByRole("link", { name: person.email }).click(),
      shows: (page) => page.getByRole("heading", { level: 1, name: person.email }),
    },
    {
      name: "limits of a user",
      open: async (page) => {
        await page.getByRole("button", { name: "Set limits" }).click();
        const limits = page.getByRole("region", { name: "Limits" });
        await limits.getByLabel("Dollars per month").selectOption("number");
        await limits.getByLabel("Limit in dollars").fill("2.50");
        await limits.getByRole("button", { name: "Save" }).click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByText("$2.50 of $2.50 left this month"),
    },
    {
      name: "chats of a user",
      open: (page) => page.getByRole("link", { name: "Filter the chats of this user" }).click(),
      shows: (page) => page.getByRole("heading", { level: 1, name: "Chats" }),
    },
    {
      name: "a chat, about to be opened without a reason",
      open: async (page) => {
        await chatButtons(page).click();
        await page.getByRole("button", { name: "Open chat" }).click();
      },
      shows: (page) => page.getByText("Enter a reason."),
    },
    {
      name: "an opened chat, with raw parts and the log of a turn",
      open: async (page) => {
        await page.getByLabel("Reason").fill(reason);
        await page.getByRole("button", { name: "Open chat" }).click();
        await page.getByRole("button", { name: "Raw parts" }).first().click();
        await page.getByRole("button", { name: "Turn log" }).click();
        await page.getByRole("region", { name: "Turn log" }).getByText('"finish"').waitFor();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByRole("region", { name: "Raw parts" }),
    },
    {
      name: "privacy, of the owner of the opened chat",
      open: async (page) => {
        await page.context().clearCookies();
        await logInByRequest(page, person);
        await page.goto("/settings/privacy");
      },
      shows: (page) => page.getByText("Searched for “count” by"),
    },
    {
      name: "streams",
      open: async (page) => {
        await page.context().clearCookies();
        await logInAsAdmin(page);
        await openAdministration(page);
        await openAdminPage(page, "Streams");
      },
      shows: (page) => page.getByText("No answer is being written."),
    },
    {
      name: "votes",
      open: async (page) => {
        await openAdminPage(page, "Votes");
        await page.getByText("Show numbers").click();
        await expectToFitScreen(page);
      },
      shows: (page) => page.getByRole("table", { name: "Votes by model" }),
    },
    {
      name: "votes, none of this kind",
      open: (page) => page.getByLabel("Vote", { exact: true }).selectOption("down"),
      shows: (page) => page.getByText("No votes match."),
    },
    {
      name: "a chat from the answer with a vote on",
      open: async (page) => {
        await page.getByLabel("Vote", { exact: true }).selectOption("up");
        await page
          .getByRole("button", { name: /^Open the answer/ })
          .first()
          .click();
        await page.getByLabel("Reason").fill("A vote");
        await page.getByRole("button", { name: "Open chat" }).click();
      },
      shows: (page) => page.getByText("From the message that you came for."),
    },
    {
      name: "a user, about to be disabled",
      open: async (page) => {
        await openAdminPage(page, "Users");
        await page.getByRole("searchbox", { name: "Search users" }).fill(person.email);
        await page.getByRole("link", { name: person.email }).click();
        await page.getByRole("button", { name: "Disable" }).click();
      },
      shows: (page) => dialog(page, /^Disable /),
    },
    {
      name: "a disabled user",
      open: async (page) => {
        await page.getByLabel("Reason").fill("Shares the password");
        await dialog(page, /^Disable /)
          .getByRole("button", { name: "Disable" })
          .click();
      },
      shows: (page) => page.getByRole("button", { name: "Enable" }),
    },
    {
      name: "audit log of a user",
      open: (page) => page.getByRole("link", { name: "Audit log of this user" }).click(),
      shows: (page) => page.getByText("“Shares the password”"),
    },
    {
      name: "a user, about to be deleted, not confirmed",
      open: async (page) => {
        await page.getByRole("link", { name: person.email }).first().click();
        await page.getByRole("button", { name: "Delete user" }).click();
        await dialog(page, /^Delete /)
          .getByRole("button", { name: "Delete user" })
          .click();
      },
      shows: (page) => page.getByText(`Type “${person.email}” to confirm.`),
    },
    {
      name: "users, without the deleted one",
      open: async (page) => {
        await page.getByLabel("Type the email address to confirm").fill(person.email);
        await dialog(page, /^Delete /)
          .getByRole("button", { name: "Delete user" })
          .click();
        await page.waitForURL(/\/admin\/users$/);
        await page.getByRole("searchbox", { name: "Search users" }).fill(person.email);
      },
      shows: (page) => page.getByText("No user has a name or an email address"),
    },
  ],
};

testWalks([walk]);
