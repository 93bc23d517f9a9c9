/**
 * An administrator opens a chat with a reason. The entry of the audit log is what lets the chat be
 * read: without it there is nothing to read it with.
 */
import type { z } from "zod";
import type { OwnerContext, UserContext } from "../../../context.ts";
import type { openChatInput, openChatOutput } from "../../../contracts/admin-chats.ts";
import { AppError, notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import { findEvent } from "../../audit/find-event.ts";
import { recordEvent } from "../../audit/record-event.ts";
import { findTarget } from "../users/find-target.ts";
import { findSeenChat, type SeenChat } from "./queries.ts";

/** What was opened or searched can be read for this long. */
export const accessMs = 60 * 60 * 1_000;

/** @throws AppError FORBIDDEN while the operator keeps chats closed */
export function checkOpen({ env }: UserContext): void {
  if (settingsOf(env).canAdminsOpenChats) return;
  throw new AppError("FORBIDDEN", "The operator has turned off access to chats.");
}

/**
 * Opens a chat: writes to the audit log who reads it and why, which its owner sees.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN while the operator keeps chats closed
 */
export async function openChat(
  ctx: UserContext,
  { userId, chatId, reason }: z.infer<typeof openChatInput>,
): Promise<z.infer<typeof openChatOutput>> {
  checkOpen(ctx);
  const { owner } = await findTarget(ctx, userId);
  if (!(await findSeenChat(owner.content, { userId, chatId }))) throw notFound("chat");
  const target = { targetType: "chat", targetId: chatId, ownerId: userId } as const;
  const event = adminEvent(ctx, { ...target, action: "chat.open", reason });
  const accessId = await recordEvent(ctx.home, event);
  return { accessId };
}

/** A chat that an administrator has opened. */
export interface OpenedChat {
  readonly owner: OwnerContext;
  readonly chat: SeenChat;
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** An event of this administrator that lets content of its owner be read. */
export interface OwnEvent {
  readonly targetId: string;
  readonly ownerId: string;
  readonly reason: string | null;
  readonly details: string | null;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/**
 * Finds the event with which this administrator has opened a chat or begun a search.
 *
 * @throws AppError FORBIDDEN while the operator keeps chats closed, and when it is too long ago;
 *   NOT_FOUND
 */
export async function findOwnEvent(
  ctx: UserContext,
  accessId: string,
  action: "chat.open" | "chat.search",
): Promise<OwnEvent> {
  checkOpen(ctx);
  const isChat = action === "chat.open";
  const event = await findEvent(ctx.home, accessId);
  const isOurs = event?.actorId === ctx.viewer.userId && event.action === action;
  if (!event || !isOurs || event.ownerId === null) throw notFound(isChat ? "chat" : "search");
  const endsAt = event.createdAt + accessMs;
  if (endsAt <= systemClock()) {
    throw new AppError(
      "FORBIDDEN",
      isChat
        ? "You opened this chat more than an hour ago. Open it again."
        : "This search is more than an hour old. Search again.",
    );
  }
  const { targetId, ownerId, reason, details } = event;
  return { targetId, ownerId, reason, details, endsAt };
}

/**
 * Finds the chat that this administrator has opened.
 *
 * @throws AppError FORBIDDEN while the operator keeps chats closed, and when it was opened too long
 *   ago; NOT_FOUND
 */
export async function findOpened(
  ctx: UserContext,
  { accessId }: { readonly accessId: string },
): Promise<OpenedChat> {
  const { ownerId, targetId, reason, endsAt } = await findOwnEvent(ctx, accessId, "chat.open");
  const { owner } = await findTarget(ctx, ownerId);
  const chat = await findSeenChat(owner.content, { userId: ownerId, chatId: targetId });
  if (!chat) throw notFound("chat");
  return { owner, chat, reason, endsAt };
}
