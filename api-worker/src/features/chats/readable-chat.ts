import type { Context, OwnerContext, UserContext } from "../../context.ts";
import type { ChatViewOutput } from "../../contracts/chats.ts";
import { AppError, notFound } from "../../errors.ts";
import { ownerContext } from "../../owner-context.ts";
import { countPublicRead } from "../../platform/rate-limit.ts";
import { requireChatAccess } from "./access.ts";
import { findChat } from "./queries.ts";
import { findPublicChat, type PublicChat } from "./sharing/public-chats.ts";

/** A chat that the viewer may read, the database that holds it, and the viewer's access. */
export interface ReadableChat extends PublicChat {
  readonly access: "own" | "read";
}

/** Finds one of the owner's chats; undefined when there is none with that id. */
export function findOwnChat({ content, userId }: OwnerContext, chatId: string) {
  return findChat(content, { userId, chatId });
}

/**
 * Finds the viewer's own chat with an id, or else a public one. Reads the database each time, so
 * that access ends the moment a chat is made private.
 *
 * @throws AppError NOT_FOUND, the same for a missing chat and for one that the viewer may not know
 *   of; UNAUTHENTICATED instead for a caller who is not logged in, because the chat may be their
 *   own
 */
export async function findReadableChat(ctx: Context, chatId: string): Promise<ReadableChat> {
  const owner = ctx.viewer && ownerContext(ctx, ctx.viewer);
  const chat = owner && (await findOwnChat(owner, chatId));
  if (chat) {
    const key = { userId: chat.userId, chatId, objectName: chat.objectName };
    const { content, contentShard } = owner;
    return { key, content, contentShard, chat, access: "own" };
  }
  return findChatOfOthers(ctx, chatId);
}

/**
 * Returns one of the viewer's own chats, or a public one without any facts about its owner.
 *
 * @throws AppError NOT_FOUND; UNAUTHENTICATED; RATE_LIMITED
 */
export async function getChat(
  ctx: Context,
  { chatId }: { chatId: string },
): Promise<ChatViewOutput> {
  const own = ctx.viewer && (await findOwnChat(ownerContext(ctx, ctx.viewer), chatId));
  if (own) return { ...own, access: "own" };
  await countPublicRead(ctx);
  const { chat, access } = await findChatOfOthers(ctx, chatId);
  return { ...chat, pinnedAt: access === "own" ? chat.pinnedAt : null, access };
}

/**
 * Finds a public chat. The caller has checked that it is not the viewer's own.
 *
 * @throws like {@link findReadableChat}
 */
export async function findChatOfOthers(ctx: Context, chatId: string): Promise<ReadableChat> {
  const found = await findPublicChat(ctx.env, ctx.home, chatId);
  if (!found && !ctx.viewer) throw new AppError("UNAUTHENTICATED", "Log in to continue.");
  const viewer = { userId: ctx.viewer?.userId ?? "" };
  const chat = requireChatAccess(viewer, found?.chat, "read");
  if (!found) throw notFound("chat");
  return { ...found, chat, access: chat.userId === viewer.userId ? "own" : "read" };
}

/**
 * Refuses to change a chat that is not the viewer's own.
 *
 * @throws AppError FORBIDDEN for a public chat; NOT_FOUND for any other
 */
export async function refuseChange(ctx: UserContext, chatId: string): Promise<never> {
  const found = await findPublicChat(ctx.env, ctx.home, chatId);
  requireChatAccess(ctx.viewer, found?.chat, "own");
  throw notFound("chat");
}
