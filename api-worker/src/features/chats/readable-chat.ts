import type { Context, OwnerContext, UserContext } from "../../context.ts";
import type { ChatViewOutput } from "../../contracts/chats.ts";
import { AppError, notFound } from "../../errors.ts";
import { ownerContext } from "../../owner-context.ts";
import { requireChatAccess } from "./access.ts";
import { findChat } from "./queries.ts";
import { findPublicChat, type PublicChat } from "./sharing/public-chats.ts";

/** A chat that someone may read, where it is, and whether it is theirs. */
export interface ReadableChat extends PublicChat {
  readonly access: "own" | "read";
}

/** A chat of the owner's; undefined when there is none of that id. */
export function findOwnChat({ content, userId }: OwnerContext, chatId: string) {
  return findChat(content, { userId, chatId });
}

/**
 * Finds a chat for a caller: their own, else a public one of that id. Asks anew each time, so
 * that a chat is gone the moment it is made private.
 *
 * @throws AppError NOT_FOUND, whether it is not there or not to be known; UNAUTHENTICATED in place
 *   of it for a caller who is not logged in, since it may be their own
 */
export async function findReadableChat(ctx: Context, chatId: string): Promise<ReadableChat> {
  const owner = ctx.viewer && ownerContext(ctx, ctx.viewer);
  const chat = owner && (await findOwnChat(owner, chatId));
  if (chat) {
    const key = { userId: chat.userId, chatId, objectName: chat.objectName };
    return { key, content: owner.content, chat, access: "own" };
  }
  return findChatOfOthers(ctx, chatId);
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
 * Finds a public chat that is not known to be the viewer's own.
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
 * @throws AppError FORBIDDEN for one that is public; NOT_FOUND for any other
 */
export async function refuseChange(ctx: UserContext, chatId: string): Promise<never> {
  const found = await findPublicChat(ctx.env, ctx.home, chatId);
  requireChatAccess(ctx.viewer, found?.chat, "own");
  throw notFound("chat");
}
