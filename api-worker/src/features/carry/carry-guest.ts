/**
 * Moves a guest's content to the account that the guest logs in to. Two databases are written: home
 * first, in the batch that starts the session, then content. The account's next request, or the
 * cron, completes an interrupted move.
 */
import type { Context } from "../../context.ts";
import { systemClock } from "../../platform/clock.ts";
import { contentFor } from "../../platform/content.ts";
import { jobObject } from "../../platform/job-object.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { searchObject } from "../../platform/search-object.ts";
import type { Viewer } from "../../viewer.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { fits, isStorageRefusal, readStorageUse, usedBytesOf } from "../limits/storage.ts";
import { findLimitFacts } from "../limits/stored-limits.ts";
import { publishNews } from "../news/news.ts";
import { wakeSearch } from "../search/note-changes.ts";
import type { CarriedGuest } from "./carried-guest.ts";
import { moveContent } from "./move-content.ts";
import { listCarriedGuests, listPendingGuests, listWithContent, setCarried } from "./queries.ts";

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

/** One request tries to move this many guests, of whom those that do not fit wait. */
const pendingPerRequest = 5;

/**
 * Completes pending moves to an account. Safe to run again, and at the same time as itself. What
 * does not fit into the account's storage waits for room.
 *
 * @throws what D1 throws; nothing is lost then
 */
export async function carryPending(ctx: CarryContext, userId: string): Promise<void> {
  const guests = await listPendingGuests(ctx.home, userId, pendingPerRequest);
  // A move takes almost all requests of an invocation.
  for (const guest of guests) await jobObject(ctx.env, guest.id).carryGuest(guest);
}

/** For this long after its chats were moved, a guest is checked for late writes. */
const lateLifeMs = 24 * 60 * 60_000;
/** One run looks at this many guests, chosen at random, so that the run ends. */
const latePerRun = 100;

/**
 * Completes pending moves, and moves content that a request of a guest wrote during the login: as
 * many guests' as a budget allows. One failure does not stop the others.
 *
 * @param now epoch milliseconds
 * @returns whether no guest that was looked at is left with content
 */
export async function carryLate(
  ctx: CarryContext,
  now: number,
  budget: RequestBudget,
): Promise<boolean> {
  if (!budget.take(1)) return false;
  const guests = await listCarriedGuests(ctx.home, now - lateLifeMs, latePerRun);
  const shards = [...new Set(guests.map(({ contentShard }) => contentShard))];
  if (!budget.take(shards.length)) return false;
  const withContent = new Set<string>();
  for (const contentShard of shards) {
    const ids = guests.filter((guest) => guest.contentShard === contentShard).map(({ id }) => id);
    const found = await listWithContent(contentFor(ctx.env, { contentShard }), ids);
    for (const id of found) withContent.add(id);
  }
  for (const guest of guests) {
    if (guest.carriedAt !== null && !withContent.has(guest.id)) continue;
    if (!budget.take(1)) return false;
    try {
      await jobObject(ctx.env, guest.id).carryGuest(guest);
    } catch (error) {
      ctx.log.error("carry.move_failed", error, { userId: guest.id });
    }
  }
  return true;
}

/**
 * Moves a guest's content to its account, and notifies the account's open pages. Moves nothing while
 * it does not fit into the account's storage.
 */
export async function carry(ctx: CarryContext, guest: CarriedGuest): Promise<void> {
  const { env, home, log } = ctx;
  const userId = guest.carriedToUserId;
  const moved = await moveFitting(ctx, guest);
  if (!moved) return;
  const [chatId] = moved;
  await searchObject(env, guest.id).purge();
  await setCarried(home, guest.id, systemClock());
  if (!chatId) return;
  wakeSearch(env, log, userId);
  // One event is enough, because pages fetch the whole list again.
  await publishNews(env, log, userId, { type: "changed", chatId });
}

/** @returns the new ids of the moved chats; null when they do not fit */
async function moveFitting(
  { env, home }: CarryContext,
  guest: CarriedGuest,
): Promise<string[] | null> {
  const content = contentFor(env, guest);
  const userId = guest.carriedToUserId;
  const facts = await findLimitFacts(home, userId);
  // The account was deleted meanwhile, and its guests with it.
  if (!facts) return null;
  const { storage } = limitsOf(env, facts);
  const use = await readStorageUse(content, guest.id);
  if (!(await fits(content, userId, storage, { messages: use.messages, bytes: usedBytesOf(use) })))
    return null;
  try {
    return await moveContent(content, guest.id, userId, storage);
  } catch (error) {
    if (isStorageRefusal(error)) return null;
    throw error;
  }
}
