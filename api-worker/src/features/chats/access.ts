import type { ChatRow } from "db";
import { AppError, notFound } from "../../errors.ts";
import type { Viewer } from "../../viewer.ts";

/** What someone may do with a chat: nothing, not even know of it; read it; all. */
export type ChatAccess = "none" | "read" | "own";

/** The facts about a chat that decide. */
export type ChatFacts = Pick<ChatRow, "userId" | "visibility">;

/** Who may do what with a chat. An administrator is a reader like any other here. */
export function chatAccess(viewer: Pick<Viewer, "userId">, chat: ChatFacts): ChatAccess {
  if (chat.userId === viewer.userId) return "own";
  return chat.visibility === "public" ? "read" : "none";
}

/**
 * Lets callers with at least the needed access through.
 *
 * @param chat undefined when there is none
 * @returns the chat
 * @throws AppError NOT_FOUND for who may not know of it, as for one that is not there; FORBIDDEN
 *   for who may read it, but not do this
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
