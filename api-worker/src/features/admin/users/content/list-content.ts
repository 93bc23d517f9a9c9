import type { z } from "zod";
import type { UserContext } from "../../../../context.ts";
import type {
  UserDocumentsOutput,
  UserFilesOutput,
  userContentInput,
} from "../../../../contracts/admin-users.ts";
import { pageRequest, toPage } from "../../../../platform/page.ts";
import { settingsOf } from "../../../../platform/settings.ts";
import { findTarget } from "../find-target.ts";
import { listDocumentsOf, listFilesOf } from "./queries.ts";

type Input = z.infer<typeof userContentInput>;

/**
 * Lists a page of a user's documents, last changed first, without their content. Titles are left out
 * while the operator keeps chats closed.
 *
 * @throws AppError NOT_FOUND; INVALID for a cursor of another origin
 */
export async function listUserDocuments(
  ctx: UserContext,
  { userId, limit, cursor }: Input,
): Promise<UserDocumentsOutput> {
  const page = pageRequest(limit, cursor);
  const { owner } = await findTarget(ctx, userId);
  const { canAdminsOpenChats: canOpen } = settingsOf(ctx.env);
  const rows = await listDocumentsOf(owner.content, userId, page);
  const { items, nextCursor } = toPage(rows, limit, (row) => [row.updatedAt, row.id]);
  return {
    items: items.map((row) => ({ ...row, title: canOpen ? row.title : null })),
    nextCursor,
  };
}

/**
 * Lists a page of a user's files, newest first. Names are left out while the operator keeps chats
 * closed.
 *
 * @throws AppError NOT_FOUND; INVALID for a cursor of another origin
 */
export async function listUserFiles(
  ctx: UserContext,
  { userId, limit, cursor }: Input,
): Promise<UserFilesOutput> {
  const page = pageRequest(limit, cursor);
  const { owner } = await findTarget(ctx, userId);
  const { canAdminsOpenChats: canOpen } = settingsOf(ctx.env);
  const rows = await listFilesOf(owner.content, userId, page);
  const { items, nextCursor } = toPage(rows, limit, (row) => [row.createdAt, row.id]);
  return {
    items: items.map((row) => ({ ...row, name: canOpen ? row.name : null })),
    nextCursor,
  };
}
