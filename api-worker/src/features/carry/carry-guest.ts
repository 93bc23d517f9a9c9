/**
 * Moves a guest's content to the account that the guest logs in to. Two databases are written: home
 * first, in the batch that starts the session, then content. The account's next request, or the
 * cron, completes an interrupted move.
 */
import type { Context } from "../../context.ts";
import { systemClock } from "../../platform/clock.ts";
import { contentFor } from "../../platform/content.ts";
import { searchObject } from "../../platform/search-object.ts";
import type { Viewer } from "../../viewer.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import type { CarriedGuest } from "./carried-guest.ts";
import { moveContent } from "./move-content.ts";
import { listCarriedGuests, listPendingGuests, setCarried } from "./queries.ts";

/**
 * Finds the guest whose chats move when this browser logs in to an account.
 *
 * @returns null when the viewer is not a guest, has written nothing yet, or has content in another
 *   database
 */
export function guestToCarry(
  viewer: Viewer | null,
  account: { readonly userId: string; readonly contentShard: number },
): string | null {
  if (!viewer?.isGuest || viewer.ticket || viewer.userId === account.userId) return null;
  return viewer.contentShard === account.contentShard ? viewer.userId : null;
}

type CarryContext = Pick<Context, "env" | "home" | "log">;

/**
 * Completes pending moves to an account. Safe to run again, and at the same time as itself.
 *
 * @throws what D1 throws; nothing is lost then
 */
export async function carryPending(ctx: CarryContext, userId: string): Promise<void> {
  for (const guest of await listPendingGuests(ctx.home, userId)) await carry(ctx, guest);
}

/** For this long after its chats were moved, a guest is checked for late writes. */
const lateLifeMs = 24 * 60 * 60_000;
/** One run checks this many guests, so that it ends. The next run continues. */
const latePerRun = 100;

/**
 * Moves content that a request of the guest wrote during the login. One failure does not stop the
 * others.
 *
 * @param now epoch milliseconds
 */
export async function carryLate(ctx: CarryContext, now: number): Promise<void> {
  for (const guest of await listCarriedGuests(ctx.home, now - lateLifeMs, latePerRun)) {
    try {
      await carry(ctx, guest);
    } catch (error) {
      ctx.log.error("carry.move_failed", error, { userId: guest.id });
    }
  }
}

/** Moves a guest's content to its account, and notifies the account's open pages. */
export async function carry(ctx: CarryContext, guest: CarriedGuest): Promise<void> {
  const { env, home, log } = ctx;
  const userId = guest.carriedToUserId;
  const [chatId] = await moveContent(contentFor(env, guest), guest.id, userId);
  await searchObject(env, guest.id).purge();
  await setCarried(home, guest.id, systemClock());
  if (!chatId) return;
  wakeSearch(env, log, userId);
  // One event is enough, because pages fetch the whole list again.
  await publishNews(env, log, userId, { type: "changed", chatId });
}
