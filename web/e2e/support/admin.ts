import type { Page } from "playwright-core";
import { expect } from "vitest";
import { adminAccount } from "./admin-account.ts";
import { logInByRequest, showSidebar, visitAlive } from "./chat.ts";

/** Logs in as the administrator, whose account exists from the first time on. */
export async function logInAsAdmin(page: Page): Promise<void> {
  const signUp = await page.request.post("/trpc/auth.signUp", { data: adminAccount });
  if (!signUp.ok()) await logInByRequest(page, adminAccount);
  await visitAlive(page, "/");
}

/** Opens the pages of administration from the account menu of a page with chats. */
export async function openAdministration(page: Page): Promise<void> {
  await showSidebar(page);
  await page.getByRole("button", { name: /^Account and theme/ }).click();
  await page.getByRole("menuitem", { name: "Administration" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}

/** Opens another page of administration by its link. */
export async function openAdminPage(page: Page, name: string): Promise<void> {
  const link = page.getByRole("navigation", { name: "Administration" }).getByText(name);
  // On a phone the sidebar of the page before may be closing.
  await expect.poll(() => showSidebar(page).then(() => link.isVisible())).toBe(true);
  await link.click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}
