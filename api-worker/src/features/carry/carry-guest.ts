/**
 * Carries what a guest has over to an account that the guest logs in to. Two databases are written:
 * home first, in the batch that begins the session, then content. Whatever is cut off in between is
 * taken up by the account's next request, or by the cron.
 */
import type { Context } from "../../context.ts";
import { systemClock } from "../../platform/clock.ts";
import { contentFor } from "../../platform/content.ts";
import type { Viewer } from "../../viewer.ts";
import { publishNews } from "../news/news.ts";
import type { CarriedGuest } from "./carried-guest.ts";
import { moveContent } from "./move-content.ts";
import { listCarriedGuests, listPendingGuests, setCarried } from "./queries.ts";

/**
 * The guest whose chats go along when this browser logs in to an account.
 *
 * @returns null when there is none, or nothing was written yet, or the chats lie in another database
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
 * Brings what is on its way to an account there. Safe to run again, and at once with itself.
 *
 * @throws what D1 throws; nothing is lost then
 */
export async function carryPending(ctx: CarryContext, userId: string): Promise<void> {
  for (const guest of await listPendingGuests(ctx.home, userId)) await carry(ctx, guest);
}

/** For this long after its chats were carried over, a guest is looked at for what came late. */
const lateLifeMs = 24 * 60 * 60_000;
/** One run looks at this many guests, so that it comes to an end; the next goes on. */
const latePerRun = 100;

/**
 * Carries over what a request of a guest wrote while the guest logged in. One guest that fails does
 * not hold up the others.
 *
 * @param now epoch milliseconds
 */
export async function carryLate(ctx: CarryContext, now: number): Promise<void> {
  for (const guest of await listCarriedGuests(ctx.home, now - lateLifeMs, latePerRun)) {
    try {
      await carry(ctx, guest);
    } catch (error) {
      ctx.log.error("guest not carried over", error, { userId: guest.id });
    }
  }
}

/** Moves a guest's content to its account, and tells the account's open pages. */
export async function carry(ctx: CarryContext, guest: CarriedGuest): Promise<void> {
  const { env, home, log } = ctx;
  const userId = guest.carriedToUserId;
  const [chatId] = await moveContent(contentFor(env, guest), guest.id, userId);
  await setCarried(home, guest.id, systemClock());
  // One is enough: whoever hears of it looks at the list.
  if (chatId) await publishNews(env, log, userId, { type: "changed", chatId });
}
