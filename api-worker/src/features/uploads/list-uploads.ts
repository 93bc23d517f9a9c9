import { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { UploadListOutput, uploadListInput } from "../../contracts/uploads.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { listUploadPage, toUploadOutput } from "./queries.ts";

const cursorSchema = z.tuple([z.int(), z.string().max(100)]);
const usesSchema = z.array(z.object({ id: z.string(), title: z.string(), messageId: z.string() }));

/**
 * Lists a page of the viewer's files, with the chats that use each, and the storage used in all.
 */
export async function listUploads(
  ctx: UserContext,
  { limit, cursor, sort }: z.infer<typeof uploadListInput>,
): Promise<UploadListOutput> {
  const after = cursor == null ? null : decodeCursor(cursorSchema, cursor);
  const { items: rows, usedBytes } = await listUploadPage(ctx.content, ctx.viewer.userId, {
    sort,
    after: after && { value: after[0], id: after[1] },
    // One more than asked for tells whether there is another page.
    limit: limit + 1,
  });
  const items = rows.slice(0, limit).map(({ uses, useCount, ...upload }) => ({
    ...toUploadOutput(upload),
    chats: chatsOf(uses),
    useCount,
  }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  const value = sort === "newest" ? last?.createdAt : last?.bytes;
  return {
    items,
    nextCursor: last ? encodeCursor([value, last.id]) : null,
    storage: { usedBytes, maxBytes: limitsOf(ctx.env, ctx.viewer).uploads.storageMaxBytes },
  };
}

/** Chats that are named for each upload, at most. */
const namedChats = 3;

/** Lists each chat once, starting with the one that has the newest message. */
function chatsOf(json: string) {
  const uses = usesSchema.parse(JSON.parse(json));
  const newest = uses.filter(({ id }, index) => uses.findIndex((use) => use.id === id) === index);
  return newest.slice(0, namedChats);
}
