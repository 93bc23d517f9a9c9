import { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type { ChatListOutput, chatListInput } from "../../contracts/chats.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { listChatsQuery, listPinnedChatsQuery } from "./queries.ts";

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
