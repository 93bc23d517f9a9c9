import { z } from "zod";
import type {
  ChatListOutput,
  ChatOutput,
  chatListInput,
  chatRenameInput,
} from "../../contracts/chats.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { notFound } from "../../errors.ts";
import { chatObject } from "../../platform/chat-object.ts";
import { systemClock } from "../../platform/clock.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { UserContext } from "../../trpc.ts";
import { publishNews } from "../users/news.ts";
import { requireChatAccess } from "./access.ts";
import {
  type ChatKey,
  deleteChatRow,
  deleteSomeChatsQuery,
  findChat,
  listChatsQuery,
  updateChatTitle,
} from "./queries.ts";

/** One statement deletes this many chats, so that no statement runs for long. */
const deleteBatchSize = 50;

const cursorSchema = z.tuple([z.int(), z.string().max(100)]);

/** A page of the viewer's chats, the last used first. */
export async function listChats(
  ctx: UserContext,
  { limit, cursor }: z.infer<typeof chatListInput>,
): Promise<ChatListOutput> {
  const after = cursor == null ? null : decodeCursor(cursorSchema, cursor);
  const rows = await listChatsQuery(ctx.content, {
    userId: ctx.viewer.userId,
    // One more than asked for tells whether there is another page.
    limit: limit + 1,
    after: after && { updatedAt: after[0], id: after[1] },
  }).execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor([last.updatedAt, last.id]) : null };
}

/** @throws AppError NOT_FOUND */
export async function getChat(
  ctx: UserContext,
  { chatId }: { chatId: string },
): Promise<ChatOutput> {
  return requireChatAccess(ctx.viewer, await findChat(ctx.content, keyOf(ctx, chatId)), "read");
}

/** @throws AppError NOT_FOUND */
export async function renameChat(
  ctx: UserContext,
  { chatId, title }: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput> {
  const renamed = await updateChatTitle(ctx.content, keyOf(ctx, chatId), title);
  if (!renamed) throw notFound("chat");
  await tell(ctx, { type: "titled", chatId, title: renamed.title });
  return renamed;
}

/**
 * Deletes a chat with its messages, then ends an answer that is under way.
 *
 * @throws AppError NOT_FOUND
 */
export async function deleteChat(ctx: UserContext, { chatId }: { chatId: string }): Promise<null> {
  const key = keyOf(ctx, chatId);
  if (!(await deleteChatRow(ctx.content, key))) throw notFound("chat");
  await Promise.all([purgeChatObject(ctx, key), tell(ctx, { type: "deleted", chatId })]);
  return null;
}

/**
 * Deletes the chats that the viewer has now, a batch after the other. Chats that another device
 * starts meanwhile stay, so this comes to an end. Safe to call again when it was cut off.
 */
export async function deleteAllChats(ctx: UserContext): Promise<{ deletedCount: number }> {
  const { userId } = ctx.viewer;
  const createdUntil = systemClock();
  let deletedCount = 0;
  for (;;) {
    const deleted = await deleteSomeChatsQuery(ctx.content, {
      userId,
      createdUntil,
      limit: deleteBatchSize,
    }).execute();
    await Promise.all(deleted.map(({ id }) => purgeChatObject(ctx, { userId, chatId: id })));
    deletedCount += deleted.length;
    if (deleted.length < deleteBatchSize) break;
  }
  await tell(ctx, { type: "all-deleted" });
  return { deletedCount };
}

/**
 * Tells the chat's object to end its answer and forget. The chat is gone by then, and nothing the
 * object still does can bring it back: so a failure here is for the operator, not for the user.
 */
async function purgeChatObject(ctx: UserContext, key: ChatKey): Promise<void> {
  try {
    await chatObject(ctx.env, key).purge();
  } catch (error) {
    ctx.log.error("purgeChatObject", error, { chatId: key.chatId });
  }
}

function tell(ctx: UserContext, news: ChatNews): Promise<void> {
  return publishNews(ctx.env, ctx.log, ctx.viewer.userId, news);
}

function keyOf(ctx: UserContext, chatId: string): ChatKey {
  return { userId: ctx.viewer.userId, chatId };
}
