import type { OwnerContext } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { jobObject, runSteps } from "../../../platform/job-object.ts";
import type { RequestBudget } from "../../../platform/request-budget.ts";
import { publishNews } from "../../news/news.ts";
import { purgeUploads } from "../../uploads/purge/purge-uploads.ts";
import { deleteChatRow, deleteChatRows, listSizedChats, type SizedChat } from "../queries.ts";
import { purgeGone, purgeSomeGone } from "./gone-chats.ts";

/** One statement deletes up to this many chats, and messages, so that no statement runs for long. */
const chatsAtOnce = 500;
const messagesAtOnce = 2_000;
/** Requests that the objects of the deleted chats get at least. */
const purgeRequests = 20;

/**
 * Deletes a chat with its messages, and ends its live answer.
 *
 * @returns whether the owner had such a chat
 */
export async function deleteChat(
  owner: OwnerContext,
  { chatId }: { chatId: string },
): Promise<boolean> {
  const { env, content, log, userId } = owner;
  const gone = await deleteChatRow(content, { userId, chatId }, systemClock());
  if (!gone) return false;
  await Promise.all([
    // The chat is deleted. Whatever fails here, the cron has the object's mark.
    purgeGone(owner, [gone]).catch((error: unknown) =>
      log.error("chats.object_not_purged", error, { chatId }),
    ),
    // A trigger has marked for deletion the files that no other chat uses.
    purgeUploads(owner),
    publishNews(env, log, userId, { type: "deleted", chatId }),
  ]);
  return true;
}

/**
 * Deletes the chats that the owner has now, step by step. Chats that another device starts meanwhile
 * stay, so it ends. Answers in progress are ended; of many chats, the cron lets the objects that are
 * left delete their old answers. Safe to call again after an interruption.
 *
 * @throws AppError INTERNAL when some chats are left
 */
export async function deleteAllChats(owner: OwnerContext): Promise<{ deletedCount: number }> {
  const { env, log, userId, contentShard } = owner;
  const createdUntil = systemClock();
  let deletedCount = 0;
  const isDone = await runSteps(async () => {
    const step = await jobObject(env, userId).deleteChats({ userId, contentShard }, createdUntil);
    deletedCount += step.deletedCount;
    return step.isDone;
  });
  await purgeUploads(owner);
  await publishNews(env, log, userId, { type: "all-deleted" });
  if (!isDone) {
    throw new AppError("INTERNAL", "Not all chats could be deleted yet. Delete them again.", {
      detail: `deleted: ${deletedCount}`,
    });
  }
  return { deletedCount };
}

/** What a step of a deletion did. */
export interface DeletedChats {
  readonly deletedCount: number;
  /** Whether no chat is left. */
  readonly isDone: boolean;
}

/**
 * Does one step of the deletion of an owner's chats: as many rows as a budget allows, and with the
 * rest of it their objects, those with answers in progress first.
 *
 * @param createdUntil epoch milliseconds: later chats stay
 * @throws what D1 throws
 */
export async function deleteSomeChats(
  owner: OwnerContext,
  createdUntil: number,
  budget: RequestBudget,
): Promise<DeletedChats> {
  const { content, userId } = owner;
  let deletedCount = 0;
  let isDone = false;
  // One statement lists, three delete.
  while (!isDone && budget.take(4)) {
    const listed = await listSizedChats(content, { userId, createdUntil, limit: chatsAtOnce });
    const chatIds = firstOf(listed);
    if (chatIds.length > 0) {
      deletedCount += await deleteChatRows(content, { userId, chatIds, now: systemClock() });
    }
    isDone = listed.length < chatsAtOnce && chatIds.length === listed.length;
  }
  // Answers in progress are ended by another step, with requests of its own, when few are left.
  if (isDone && budget.left < purgeRequests) return { deletedCount, isDone: deletedCount === 0 };
  if (isDone) await purgeSomeGone(owner, { userId, dueUntil: systemClock() }, budget);
  return { deletedCount, isDone };
}

/** The first of some chats that one statement may delete: at least one, however long it is. */
function firstOf(chats: readonly SizedChat[]): string[] {
  const ids: string[] = [];
  let messages = 0;
  for (const chat of chats) {
    if (messages >= messagesAtOnce) break;
    ids.push(chat.id);
    messages += chat.messages;
  }
  return ids;
}
