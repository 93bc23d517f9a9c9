import { z } from "zod";
import type { Context, OwnerContext } from "../../context.ts";
import type {
  ChatListOutput,
  ChatOutput,
  ChatViewOutput,
  chatListInput,
  chatPinInput,
  chatRenameInput,
  chatVisibilityInput,
} from "../../contracts/chats.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { AppError } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { systemClock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { publishNews } from "../news/news.ts";
import { purgeUploads } from "../uploads/purge/purge-uploads.ts";
import {
  type ChatKey,
  deleteChatRow,
  deleteSomeChatsQuery,
  findChat,
  listChatsQuery,
  listPinnedChatsQuery,
  updateChatPin,
  updateChatTitle,
  updateChatVisibility,
} from "./queries.ts";
import { findReadableChat } from "./readable-chat.ts";
import { claimPublicId, releasePublicIds } from "./sharing/public-chats.ts";

/** One statement deletes this many chats, so that no statement runs for long. */
const deleteBatchSize = 50;

const cursorSchema = z.tuple([z.int(), z.string().max(100)]);

/** A page of an owner's chats: the last used first, or of the pinned ones the last pinned. */
export async function listChats(
  owner: OwnerContext,
  { limit, cursor, pinned }: z.infer<typeof chatListInput>,
): Promise<ChatListOutput> {
  const after = cursor == null ? null : decodeCursor(cursorSchema, cursor);
  const page = {
    userId: owner.userId,
    // One more than asked for tells whether there is another page.
    limit: limit + 1,
    after: after && { time: after[0], id: after[1] },
  };
  const query = pinned
    ? listPinnedChatsQuery(owner.content, page)
    : listChatsQuery(owner.content, { ...page, pinned });
  const rows = await query.execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const time = pinned ? last?.pinnedAt : last?.updatedAt;
  return { items, nextCursor: last ? encodeCursor([time, last.id]) : null };
}

/**
 * A chat of the viewer's own, or a public one, of whose owner nothing is told.
 *
 * @throws AppError NOT_FOUND; UNAUTHENTICATED
 */
export async function getChat(
  ctx: Context,
  { chatId }: { chatId: string },
): Promise<ChatViewOutput> {
  const { chat, access } = await findReadableChat(ctx, chatId);
  return { ...chat, pinnedAt: access === "own" ? chat.pinnedAt : null, access };
}

/**
 * Pins a chat, or unpins it.
 *
 * @returns undefined when the owner has no such chat
 */
export async function pinChat(
  owner: OwnerContext,
  { chatId, pinned }: z.infer<typeof chatPinInput>,
): Promise<ChatOutput | undefined> {
  const pinnedAt = pinned ? systemClock() : null;
  const chat = await updateChatPin(owner.content, keyOf(owner, chatId), pinnedAt);
  if (chat) await tell(owner, { type: "changed", chatId });
  return chat;
}

/**
 * Makes a chat readable for everyone who has its address, or for its owner alone. Can be called
 * again.
 *
 * @returns undefined when the owner has no such chat
 * @throws AppError CONFLICT when another user has published a chat of the same id
 */
export async function setChatVisibility(
  owner: OwnerContext,
  { chatId, visibility }: z.infer<typeof chatVisibilityInput>,
): Promise<ChatOutput | undefined> {
  const { env, home, content } = owner;
  const key = keyOf(owner, chatId);
  if (visibility === "public") {
    if (!(await findChat(content, key))) return undefined;
    if (!(await claimPublicId(env, home, key, systemClock()))) {
      throw new AppError(
        "CONFLICT",
        "A chat with this address is public already. Make a copy of yours, and share that.",
      );
    }
  }
  const chat = await updateChatVisibility(content, key, visibility);
  if (visibility === "private" || !chat) await releasePublicIds(home, key.userId, [chatId]);
  if (chat) await tell(owner, { type: "changed", chatId });
  return chat;
}

/** @returns undefined when the owner has no such chat */
export async function renameChat(
  owner: OwnerContext,
  { chatId, title }: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput | undefined> {
  const renamed = await updateChatTitle(owner.content, keyOf(owner, chatId), title);
  if (renamed) await tell(owner, { type: "titled", chatId, title: renamed.title });
  return renamed;
}

/**
 * Deletes a chat with its messages, then ends an answer that is under way.
 *
 * @returns whether the owner had such a chat
 */
export async function deleteChat(
  owner: OwnerContext,
  { chatId }: { chatId: string },
): Promise<boolean> {
  const key = await deleteChatRow(owner.content, keyOf(owner, chatId));
  if (!key) return false;
  await Promise.all([
    purgeChatObject(owner, key),
    // Files that no other chat has went with the rows, by a trigger; their bytes go here.
    purgeUploads(owner),
    releasePublicIds(owner.home, key.userId, [chatId]),
    tell(owner, { type: "deleted", chatId }),
  ]);
  return true;
}

/**
 * Deletes the chats that the owner has now, a batch after the other. Chats that another device
 * starts meanwhile stay, so this comes to an end. Safe to call again when it was cut off.
 */
export async function deleteAllChats(owner: OwnerContext): Promise<{ deletedCount: number }> {
  const { userId } = owner;
  const createdUntil = systemClock();
  let deletedCount = 0;
  for (;;) {
    const deleted = await deleteSomeChatsQuery(owner.content, {
      userId,
      createdUntil,
      limit: deleteBatchSize,
    }).execute();
    const chatIds = deleted.map(({ id }) => id);
    await releasePublicIds(owner.home, userId, chatIds);
    await Promise.all(
      deleted.map(({ id: chatId, objectName }) =>
        purgeChatObject(owner, { userId, chatId, objectName }),
      ),
    );
    deletedCount += deleted.length;
    if (deleted.length < deleteBatchSize) break;
  }
  await purgeUploads(owner);
  await tell(owner, { type: "all-deleted" });
  return { deletedCount };
}

/**
 * Tells the chat's object to end its answer and forget. The chat is gone by then, and nothing the
 * object still does can bring it back: so a failure here is for the operator, not for the user.
 */
async function purgeChatObject({ env, log }: OwnerContext, key: ChatKey): Promise<void> {
  try {
    await chatObject(env, key).purge();
  } catch (error) {
    log.error("purgeChatObject", error, { chatId: key.chatId });
  }
}

function tell({ env, log, userId }: OwnerContext, news: ChatNews): Promise<void> {
  return publishNews(env, log, userId, news);
}

function keyOf({ userId }: OwnerContext, chatId: string): ChatKey {
  return { userId, chatId };
}
