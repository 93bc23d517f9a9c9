/**
 * The work of the cron, in jobs. Their tasks wait in D1, so a job can be cut off after any
 * step, and goes on with the next run.
 */
import { createHomeDb } from "db";
import type { Context } from "./context.ts";
import type { JobName } from "./contracts/admin-jobs.ts";
import { deleteOldEvents } from "./features/audit/record-event.ts";
import {
  deleteExpiredSessions,
  deleteUnusedSessions,
  listUnusedGuests,
  type UnusedGuest,
} from "./features/auth/expired.ts";
import { carryLate } from "./features/carry/carry-guest.ts";
import { purgeSomeGone } from "./features/chats/deletion/gone-chats.ts";
import { deleteSomeContent } from "./features/deletion/delete-content.ts";
import { wakeWaitingIndexes } from "./features/search/wake-waiting-indexes.ts";
import { sweepArrivals } from "./features/transfer/sweep-arrivals.ts";
import { sweepUploads } from "./features/uploads/purge/sweep-uploads.ts";
import { ownerContext } from "./owner-context.ts";
import { systemClock } from "./platform/clock.ts";
import { contentDatabases } from "./platform/content.ts";
import { createLogger } from "./platform/log.ts";
import { RequestBudget } from "./platform/request-budget.ts";
import { settingsOf } from "./platform/settings.ts";

/** Guests that a step looks at. Its budget is enough for two without much content. */
const guestsPerStep = 20;
const sessionsPerStep = 500;
const eventsPerStep = 500;

type SweepContext = Pick<Context, "env" | "home" | "log">;

/** A job does one step within a budget, and returns whether it is done for now. */
type SweepJob = (ctx: SweepContext, now: number, budget: RequestBudget) => Promise<boolean>;

const jobs = {
  "search-indexes": ({ env, log }, _, budget) => wakeWaitingIndexes(env, log, budget),
  "gone-chats": purgeGoneChats,
  sessions: removeOldSessions,
  "audit-events": removeOldEvents,
  "carried-guests": async (ctx, now, budget) => carryLate(ctx, now, budget),
  "unused-guests": removeUnusedGuests,
  arrivals: ({ env, log }, now, budget) => sweepArrivals(env, log, now, budget),
  uploads: ({ env, log }, now, budget) => sweepUploads(env, log, now, budget),
} as const satisfies Record<JobName, SweepJob>;

/**
 * Does one step of a job of the cron.
 *
 * @param now epoch milliseconds
 * @returns whether the job is done for now
 * @throws what D1 throws; the next run goes on
 */
export function sweepStep(env: Env, name: JobName, now: number): Promise<boolean> {
  const log = createLogger({ cron: name });
  return jobs[name]({ env, home: createHomeDb(env.HOME), log }, now, new RequestBudget());
}

/** Sessions that have expired, and those of accounts that were not used for as long as they are kept. */
async function removeOldSessions(
  { env, home }: SweepContext,
  now: number,
  budget: RequestBudget,
): Promise<boolean> {
  if (!budget.take(2)) return false;
  const unusedSince = now - settingsOf(env).kept.sessionMs;
  const counts = [
    await deleteExpiredSessions(home, now, sessionsPerStep),
    await deleteUnusedSessions(home, unusedSince, sessionsPerStep),
  ];
  return counts.every((count) => count < sessionsPerStep);
}

async function removeOldEvents(
  { env, home, log }: SweepContext,
  now: number,
  budget: RequestBudget,
): Promise<boolean> {
  const { auditMs } = settingsOf(env).kept;
  if (auditMs === null) return true;
  if (!budget.take(1)) return false;
  const count = await deleteOldEvents(home, now - auditMs, eventsPerStep);
  if (count > 0) log.info("audit.events_expired", { count });
  return count < eventsPerStep;
}

async function purgeGoneChats(
  { env, log }: SweepContext,
  _: number,
  budget: RequestBudget,
): Promise<boolean> {
  let isDone = true;
  for (const content of contentDatabases(env)) {
    const purged = await purgeSomeGone(
      { env, content, log },
      { userId: null, dueUntil: systemClock() },
      budget,
    );
    isDone &&= purged.isDone;
  }
  return isDone;
}

/**
 * Deletes guests that were unused for as long as they are kept, with all their data. A guest's row goes
 * last, so that the next step continues an interrupted one.
 */
async function removeUnusedGuests(
  ctx: SweepContext,
  now: number,
  budget: RequestBudget,
): Promise<boolean> {
  budget.take(1);
  const guests = await listUnusedGuests(
    ctx.home,
    now - settingsOf(ctx.env).kept.guestMs,
    guestsPerStep,
  );
  let isOneLeft = false;
  for (const guest of guests) {
    try {
      if (!(await removeGuest(ctx, guest, budget))) return false;
    } catch (error) {
      // One failure does not stop the others.
      ctx.log.error("sweep.guest_not_deleted", error, { userId: guest.userId });
      isOneLeft = true;
    }
  }
  // A guest that cannot be deleted now waits for the next run.
  return isOneLeft || guests.length < guestsPerStep;
}

/** @returns whether the guest is gone */
async function removeGuest(
  ctx: SweepContext,
  guest: UnusedGuest,
  budget: RequestBudget,
): Promise<boolean> {
  const { userId } = guest;
  if (!(await deleteSomeContent(ownerContext(ctx, guest), budget)) || !budget.take(1)) return false;
  await ctx.home.kysely
    .deleteFrom("users")
    .where("id", "=", userId)
    .where("isGuest", "=", 1)
    .execute();
  return true;
}
