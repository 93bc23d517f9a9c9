import type { ChatRow } from "db";
import { AppError, notFound } from "../../errors.ts";
import type { Viewer } from "../../viewer.ts";

/**
 * What a viewer may do with a chat: `none` (not even know that it exists), `read`, or everything.
 */
export type ChatAccess = "none" | "read" | "own";

/** The facts about a chat that decide access. */
export type ChatFacts = Pick<ChatRow, "userId" | "visibility">;

/** Decides a viewer's access to a chat. Administrators have no special rights here. */
export function chatAccess(viewer: Pick<Viewer, "userId">, chat: ChatFacts): ChatAccess {
  if (chat.userId === viewer.userId) return "own";
  return chat.visibility === "public" ? "read" : "none";
}

/**
 * Checks that the viewer has at least the needed access.
 *
 * @param chat undefined when it does not exist
 * @returns the chat
 * @throws AppError NOT_FOUND, the same for a missing chat and for one that the viewer may not know
 *   of; FORBIDDEN for a viewer who may only read the chat
 */
export function requireChatAccess<Chat extends ChatFacts>(
  viewer: Pick<Viewer, "userId">,
  chat: Chat | undefined,
  needed: Exclude<ChatAccess, "none">,
): Chat {
  const access = chat ? chatAccess(viewer, chat) : "none";
  if (!chat || access === "none") throw notFound("chat");
  if (needed === "own" && access !== "own") {
    throw new AppError("FORBIDDEN", "You can read this chat but not change it.");
  }
  return chat;
}
