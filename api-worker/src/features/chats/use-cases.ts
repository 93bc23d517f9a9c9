import { z } from "zod";
import type { Context, UserContext } from "../../context.ts";
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
import { claimPublicId, releasePublicIds } from "./public-chats.ts";
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
import { findReadableChat, refuseChange } from "./readable-chat.ts";

/** One statement deletes this many chats, so that no statement runs for long. */
const deleteBatchSize = 50;

const cursorSchema = z.tuple([z.int(), z.string().max(100)]);

/** A page of the viewer's chats: the last used first, or of the pinned ones the last pinned. */
export async function listChats(
  ctx: UserContext,
  { limit, cursor, pinned }: z.infer<typeof chatListInput>,
): Promise<ChatListOutput> {
  const after = cursor == null ? null : decodeCursor(cursorSchema, cursor);
  const page = {
    userId: ctx.viewer.userId,
    // One more than asked for tells whether there is another page.
    limit: limit + 1,
    after: after && { time: after[0], id: after[1] },
  };
  const query = pinned
    ? listPinnedChatsQuery(ctx.content, page)
    : listChatsQuery(ctx.content, { ...page, pinned });
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

/** @throws AppError NOT_FOUND; FORBIDDEN for a public one of somebody else */
export async function pinChat(
  ctx: UserContext,
  { chatId, pinned }: z.infer<typeof chatPinInput>,
): Promise<ChatOutput> {
  const pinnedAt = pinned ? systemClock() : null;
  const chat = await updateChatPin(ctx.content, keyOf(ctx, chatId), pinnedAt);
  if (!chat) return refuseChange(ctx, chatId);
  await tell(ctx, { type: "changed", chatId });
  return chat;
}

/**
 * Makes a chat readable for all who have its address, or for nobody else. Can be called again.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN; CONFLICT when another user has published a chat of the same id
 */
export async function setChatVisibility(
  ctx: UserContext,
  { chatId, visibility }: z.infer<typeof chatVisibilityInput>,
): Promise<ChatOutput> {
  const key = keyOf(ctx, chatId);
  if (visibility === "public") {
    if (!(await findChat(ctx.content, key))) return refuseChange(ctx, chatId);
    if (!(await claimPublicId(ctx.env, ctx.home, key, systemClock()))) {
      throw new AppError(
        "CONFLICT",
        "A chat with this address is public already. Make a copy of yours, and share that.",
      );
    }
  }
  const chat = await updateChatVisibility(ctx.content, key, visibility);
  if (visibility === "private" || !chat) await releasePublicIds(ctx.home, key.userId, [chatId]);
  if (!chat) return refuseChange(ctx, chatId);
  await tell(ctx, { type: "changed", chatId });
  return chat;
}

/** @throws AppError NOT_FOUND; FORBIDDEN for a public one of somebody else */
export async function renameChat(
  ctx: UserContext,
  { chatId, title }: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput> {
  const renamed = await updateChatTitle(ctx.content, keyOf(ctx, chatId), title);
  if (!renamed) return refuseChange(ctx, chatId);
  await tell(ctx, { type: "titled", chatId, title: renamed.title });
  return renamed;
}

/**
 * Deletes a chat with its messages, then ends an answer that is under way.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN for a public one of somebody else
 */
export async function deleteChat(ctx: UserContext, { chatId }: { chatId: string }): Promise<null> {
  const key = await deleteChatRow(ctx.content, keyOf(ctx, chatId));
  if (!key) return refuseChange(ctx, chatId);
  await Promise.all([
    purgeChatObject(ctx, key),
    // Files that no other chat has went with the rows, by a trigger; their bytes go here.
    purgeUploads(ctx, key.userId),
    releasePublicIds(ctx.home, key.userId, [chatId]),
    tell(ctx, { type: "deleted", chatId }),
  ]);
  return null;
}

/** Whose chats they are, and what it takes to reach them. */
type ChatsContext = Pick<UserContext, "env" | "home" | "content" | "log"> & {
  readonly viewer: Pick<UserContext["viewer"], "userId">;
};

/**
 * Deletes the chats that the viewer has now, a batch after the other. Chats that another device
 * starts meanwhile stay, so this comes to an end. Safe to call again when it was cut off.
 */
export async function deleteAllChats(ctx: ChatsContext): Promise<{ deletedCount: number }> {
  const { userId } = ctx.viewer;
  const createdUntil = systemClock();
  let deletedCount = 0;
  for (;;) {
    const deleted = await deleteSomeChatsQuery(ctx.content, {
      userId,
      createdUntil,
      limit: deleteBatchSize,
    }).execute();
    const chatIds = deleted.map(({ id }) => id);
    await releasePublicIds(ctx.home, userId, chatIds);
    await Promise.all(
      deleted.map(({ id: chatId, objectName }) =>
        purgeChatObject(ctx, { userId, chatId, objectName }),
      ),
    );
    deletedCount += deleted.length;
    if (deleted.length < deleteBatchSize) break;
  }
  await purgeUploads(ctx, userId);
  await tell(ctx, { type: "all-deleted" });
  return { deletedCount };
}

/**
 * Tells the chat's object to end its answer and forget. The chat is gone by then, and nothing the
 * object still does can bring it back: so a failure here is for the operator, not for the user.
 */
async function purgeChatObject(ctx: ChatsContext, key: ChatKey): Promise<void> {
  try {
    await chatObject(ctx.env, key).purge();
  } catch (error) {
    ctx.log.error("purgeChatObject", error, { chatId: key.chatId });
  }
}

function tell(ctx: ChatsContext, news: ChatNews): Promise<void> {
  return publishNews(ctx.env, ctx.log, ctx.viewer.userId, news);
}

function keyOf(ctx: UserContext, chatId: string): ChatKey {
  return { userId: ctx.viewer.userId, chatId };
}
