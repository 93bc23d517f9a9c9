/** Documents for the readers of a chat: all who may read the chat may read what its messages show. */
import type { z } from "zod";
import type { Context } from "../../../context.ts";
import {
  type DocumentShownOutput,
  documentKindSchema,
  type documentShownInput,
} from "../../../contracts/documents.ts";
import { notFound } from "../../../errors.ts";
import { ownerContext } from "../../../owner-context.ts";
import { countPublicRead } from "../../../platform/rate-limit.ts";
import { findChatOfOthers, findOwnChat } from "../../chats/readable-chat.ts";
import { isShown } from "../../chats/shown-branch.ts";
import { findMadeVersionQuery } from "./queries.ts";

/**
 * Returns a version of a document that a message on the chat's shown branch has made. What its
 * owner has written before and after, and the title that it has now, stay private.
 *
 * @throws AppError NOT_FOUND; UNAUTHENTICATED; RATE_LIMITED
 */
export async function getShownDocument(
  ctx: Context,
  { chatId, documentId, version }: z.infer<typeof documentShownInput>,
): Promise<DocumentShownOutput> {
  const { content, key } = await findChat(ctx, chatId);
  const wanted = { userId: key.userId, chatId, documentId };
  const found = await findMadeVersionQuery(content, wanted, version).executeTakeFirst();
  const messageId = found?.messageId;
  if (!found || !messageId || !(await isShown(content, key, { messageId }))) {
    throw notFound("document");
  }
  const { kind, language, status } = found;
  return { kind: documentKindSchema.parse(kind), language, status, content: found.content };
}

async function findChat(ctx: Context, chatId: string) {
  const owner = ctx.viewer && ownerContext(ctx, ctx.viewer);
  const own = owner && (await findOwnChat(owner, chatId));
  if (own) return { content: owner.content, key: { userId: own.userId, chatId } };
  await countPublicRead(ctx);
  return findChatOfOthers(ctx, chatId);
}
