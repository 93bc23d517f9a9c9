/** Moves of more guests, and content, than one invocation of the Free plan could move. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import { countRows, fillContent } from "../../../test/content.ts";
import { runCron } from "../../../test/cron.ts";
import { createUser } from "../../../test/factories.ts";
import { countInvocations, freePlan, largest } from "../../../test/invocations.ts";
import { createManyChats } from "../../../test/many-chats.ts";

/** A guest whose chats have begun to move to an account. */
async function pendingGuest(carriedToUserId: string, chats: number) {
  const guest = await createUser({ email: null, carriedToUserId });
  await fillContent(guest);
  await createManyChats(guest, chats);
  return guest;
}

test("the next request moves what five guests left, in invocations of at most 50 requests", async () => {
  const account = await createUser();
  for (let number = 0; number < 5; number += 1) await pendingGuest(account.id, 300);
  const caller = await callerAs(account);
  const seen = await countInvocations(() => caller.api.chats.list.query({}));
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  // The chats of later guests have ids that the account has from the first one.
  expect(await countRows(account)).toMatchObject({ chats: 5 * 301, messages: 5 * 602 });
});

test("the cron moves what many guests left, in invocations of at most 50 requests", async () => {
  const account = await callerFor("owner");
  const guests = [];
  for (let number = 0; number < 12; number += 1) {
    guests.push(await pendingGuest(account.user.id, 2));
  }
  // What a request of a guest wrote after the move.
  const [late] = guests;
  await env.HOME.prepare("UPDATE users SET carriedAt = ? WHERE id = ?")
    .bind(Date.now(), late?.id)
    .run();
  const seen = await countInvocations(runCron);
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  expect(await countRows(account.user)).toMatchObject({ chats: 12 * 3 });
});
