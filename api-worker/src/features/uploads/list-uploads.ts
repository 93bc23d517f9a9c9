import { z } from "zod";
import type { UserContext } from "../../context.ts";
import type { UploadListOutput, uploadListInput } from "../../contracts/uploads.ts";
import { pageRequest, toPage } from "../../platform/page.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { storageOutputOf } from "../limits/storage.ts";
import { listUploadPage, toUploadOutput } from "./queries.ts";

const usesSchema = z.array(z.object({ id: z.string(), title: z.string(), messageId: z.string() }));

/**
 * Lists a page of the viewer's files, with the chats that use each, and the storage used in all.
 */
export async function listUploads(
  ctx: UserContext,
  { limit, cursor, sort }: z.infer<typeof uploadListInput>,
): Promise<UploadListOutput> {
  const { rows, use } = await listUploadPage(ctx.content, ctx.viewer.userId, {
    sort,
    ...pageRequest(limit, cursor),
  });
  const { items, nextCursor } = toPage(rows, limit, ({ id, createdAt, bytes }) => [
    sort === "newest" ? createdAt : bytes,
    id,
  ]);
  return {
    items: items.map(({ uses, useCount, ...upload }) => ({
      ...toUploadOutput(upload),
      chats: chatsOf(uses),
      useCount,
    })),
    nextCursor,
    storage: storageOutputOf(use, limitsOf(ctx.env, ctx.viewer).storage),
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
