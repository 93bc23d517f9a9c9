import { type Account, ask, logInByRequest, signUp, visitAlive, waitForAnswer } from "./chat.ts";
import type { Visit, VisitOptions, Visitor } from "./test.ts";

/**
 * Opens a browser's page in another browser, where the same user logs in.
 *
 * @param options of the other browser, which may reach the product at another address
 */
export async function openElsewhere(
  visit: Visit,
  options: VisitOptions,
  { page }: Visitor,
  account: Account,
): Promise<Visitor> {
  const other = await visit(options);
  await logInByRequest(other.page, account);
  await visitAlive(other.page, new URL(page.url()).pathname);
  return other;
}

/**
 * Opens the same chat in two browsers of a new user. Its first question is answered.
 *
 * @param elsewhere options of the second browser only, such as its size
 */
export async function chatInTwoBrowsers(
  visit: Visit,
  options: VisitOptions,
  elsewhere: Partial<VisitOptions> = {},
): Promise<readonly [Visitor, Visitor]> {
  const first = await visit(options);
  const account = await signUp(first.page);
  await ask(first.page, "count to 3");
  await waitForAnswer(first.page, "complete");
  const second = await openElsewhere(visit, { ...options, ...elsewhere }, first, account);
  await waitForAnswer(second.page, "complete");
  return [first, second];
}
