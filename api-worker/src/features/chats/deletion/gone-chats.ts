/**
 * The objects of deleted chats. A chat's rows go in one statement with those of many others, but
 * each object has to be called to delete its answers. The batch that deletes the rows leaves a mark
 * for each object, which goes when the object is empty: no crash and no limit of the platform lets
 * an object be forgotten.
 */
import { type ContentDb, type Expression, sql, valuesOf } from "db";
import type { OwnerContext } from "../../../context.ts";
import { chatObject } from "../../../platform/chat-object.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { RequestBudget } from "../../../platform/request-budget.ts";

/** A deleted chat, by the name of its object. */
export interface GoneChat {
  readonly userId: string;
  readonly objectName: string;
}

/** An object that could not be reached is asked again after this time. */
const retryMs = 60 * 60_000;

/**
 * Marks the objects of an owner's chats, to be run in the batch that deletes the chats. Those with an
 * answer in progress come first.
 *
 * @param chatIds a subquery
 * @param now epoch milliseconds
 */
export function markGone(userId: string, chatIds: Expression<string>, now: number) {
  return sql`INSERT INTO goneChats (userId, objectName, dueAt)
    SELECT userId, coalesce(objectName, userId || '/' || id), iif(EXISTS (
      SELECT 1 FROM messages WHERE messages.userId = chats.userId
        AND messages.chatId = chats.id AND messages.status = 'streaming'
    ), 0, ${now})
    FROM chats WHERE userId = ${userId} AND id IN ${chatIds}
    ON CONFLICT DO UPDATE SET dueAt = excluded.dueAt`;
}

type Deps = Pick<OwnerContext, "env" | "content" | "log">;

/**
 * Lets objects end their answers and delete what they hold. The rows are gone, and the objects cannot
 * bring them back, so the user need not know of a failure: it is logged, and tried again.
 *
 * @returns how many objects could not be reached
 * @throws what D1 throws
 */
export async function purgeGone(
  { env, content, log }: Deps,
  chats: readonly GoneChat[],
): Promise<number> {
  if (chats.length === 0) return 0;
  const failed: string[] = [];
  await Promise.all(
    chats.map(async ({ userId, objectName }) => {
      const chatId = objectName.slice(objectName.indexOf("/") + 1);
      try {
        await chatObject(env, { userId, chatId, objectName }).purge();
      } catch (error) {
        failed.push(objectName);
        log.error("chats.object_not_purged", error, { chatId });
      }
    }),
  );
  const done = chats.map(({ objectName }) => objectName).filter((name) => !failed.includes(name));
  await removeMarks(content, chats, done);
  if (failed.length > 0) await postpone(content, chats, failed);
  return failed.length;
}

/** The requests that {@link purgeSomeGone} takes besides one for each object. */
const otherRequests = 3;

/** Whose objects, and which of them. */
interface GoneFilter {
  /** null for all owners of the database. */
  readonly userId: string | null;
  /** Epoch milliseconds: objects that wait until later are left alone. */
  readonly dueUntil: number;
}

/**
 * Lets as many objects as a budget allows delete what they hold.
 *
 * @returns whether none is left that is due, and how many could not be reached
 * @throws what D1 throws
 */
export async function purgeSomeGone(
  deps: Deps,
  filter: GoneFilter,
  budget: RequestBudget,
): Promise<{ isDone: boolean; failedCount: number }> {
  const limit = budget.left - otherRequests;
  if (limit < 1) return { isDone: false, failedCount: 0 };
  budget.take(otherRequests);
  const due = await listDue(deps.content, { ...filter, limit });
  budget.take(due.length);
  const failedCount = await purgeGone(deps, due);
  return { isDone: due.length < limit, failedCount };
}

/**
 * Lists marks that are due, first come first served. A chat that has come back since, with an
 * imported file, keeps its object.
 */
async function listDue(
  { kysely }: ContentDb,
  { userId, dueUntil, limit }: GoneFilter & { readonly limit: number },
): Promise<GoneChat[]> {
  const ofOwner = userId === null ? sql`` : sql`userId = ${userId} AND`;
  const { rows } = await sql<GoneChat>`
    SELECT userId, objectName FROM goneChats AS gone
    WHERE ${ofOwner} dueAt <= ${dueUntil} AND ${isGone}
    ORDER BY dueAt LIMIT ${limit}`.execute(kysely);
  return rows;
}

const isGone = sql`NOT EXISTS (SELECT 1 FROM chats WHERE chats.objectName = gone.objectName)
  AND NOT EXISTS (SELECT 1 FROM chats
    WHERE chats.userId = substr(gone.objectName, 1, instr(gone.objectName, '/') - 1)
      AND chats.id = substr(gone.objectName, instr(gone.objectName, '/') + 1)
      AND chats.objectName IS NULL)`;

const ownersOf = (chats: readonly GoneChat[]) =>
  valuesOf([...new Set(chats.map(({ userId }) => userId))]);

async function removeMarks(
  { kysely }: ContentDb,
  chats: readonly GoneChat[],
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await kysely
    .deleteFrom("goneChats")
    .where("userId", "in", ownersOf(chats))
    .where("objectName", "in", valuesOf(names))
    .execute();
}

async function postpone(
  { kysely }: ContentDb,
  chats: readonly GoneChat[],
  names: readonly string[],
): Promise<void> {
  await kysely
    .updateTable("goneChats")
    .set({ dueAt: systemClock() + retryMs })
    .where("userId", "in", ownersOf(chats))
    .where("objectName", "in", valuesOf(names))
    .execute();
}
