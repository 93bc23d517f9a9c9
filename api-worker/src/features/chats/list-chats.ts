import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { ChatListOutput, chatListInput } from "../../contracts/chats.ts";
import { pageRequest, toPage } from "../../platform/page.ts";
import { listChatsQuery, listPinnedChatsQuery } from "./queries.ts";

/**
 * Lists a page of an owner's chats, last used first. Pinned chats are sorted by the time they were
 * pinned, last first.
 */
export async function listChats(
  owner: OwnerContext,
  { limit, cursor, pinned }: z.infer<typeof chatListInput>,
): Promise<ChatListOutput> {
  const page = { userId: owner.userId, ...pageRequest(limit, cursor) };
  const query = pinned
    ? listPinnedChatsQuery(owner.content, page)
    : listChatsQuery(owner.content, { ...page, pinned });
  return toPage(await query.execute(), limit, ({ id, updatedAt, pinnedAt }) => [
    pinned ? (pinnedAt ?? 0) : updatedAt,
    id,
  ]);
}
