import type { OwnerContext } from "../../context.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { systemClock } from "../../platform/clock.ts";
import { publishNews } from "../news/news.ts";
import { purgeUploads } from "../uploads/purge/purge-uploads.ts";
import { type ChatKey, deleteChatRow, deleteSomeChats } from "./queries.ts";

/** One statement deletes this many chats, so that no statement runs for long. */
const deleteBatchSize = 50;

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
  const key = await deleteChatRow(content, { userId, chatId });
  if (!key) return false;
  await Promise.all([
    purgeChatObject(owner, key),
    // A trigger has marked for deletion the files that no other chat uses.
    purgeUploads(owner),
    publishNews(env, log, userId, { type: "deleted", chatId }),
  ]);
  return true;
}

/**
 * Deletes the chats that the owner has now, batch by batch. Chats that another device starts
 * meanwhile stay, so the loop ends. Safe to call again after an interruption.
 */
export async function deleteAllChats(owner: OwnerContext): Promise<{ deletedCount: number }> {
  const { env, content, log, userId } = owner;
  const createdUntil = systemClock();
  let deletedCount = 0;
  for (;;) {
    const deleted = await deleteSomeChats(content, {
      userId,
      createdUntil,
      limit: deleteBatchSize,
    });
    await Promise.all(
      deleted.map(({ id: chatId, objectName }) =>
        purgeChatObject(owner, { userId, chatId, objectName }),
      ),
    );
    deletedCount += deleted.length;
    if (deleted.length < deleteBatchSize) break;
  }
  await purgeUploads(owner);
  await publishNews(env, log, userId, { type: "all-deleted" });
  return { deletedCount };
}

/**
 * Tells the chat's object to end its answer and delete its data. The chat's rows are gone, and the
 * object cannot bring them back, so the user need not know of a failure: it is logged for the
 * operator.
 */
async function purgeChatObject({ env, log }: OwnerContext, key: ChatKey): Promise<void> {
  try {
    await chatObject(env, key).purge();
  } catch (error) {
    log.error("chats.object_not_purged", error, { chatId: key.chatId });
  }
}
