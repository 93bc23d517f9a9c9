import type { z } from "zod";
import type { Context } from "../../../context.ts";
import type {
  AdminChatOutput,
  ListAdminChatsOutput,
  listAdminChatsInput,
} from "../../../contracts/admin-chats.ts";
import { contentDatabases } from "../../../platform/content.ts";
import { encodeCursor } from "../../../platform/cursor.ts";
import { pageRequest } from "../../../platform/page.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { findIdOf } from "../frame/find-id-of.ts";
import { findOwners } from "../frame/find-owners.ts";
import { type LookedAtChat, lookAtChats, type SeenChat } from "./queries.ts";

/** Chats that one page of a filtered list looks at, in each content database. */
const lookedAtMax = 200;

/**
 * Lists a page of the chats of all users, last used first, without their content.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listAdminChats(
  ctx: Pick<Context, "env" | "home">,
  { limit, cursor, user, ...filter }: z.infer<typeof listAdminChatsInput>,
): Promise<ListAdminChatsOutput> {
  const { env, home } = ctx;
  const { title, status, modelId } = filter;
  const isFiltered = [title, status, modelId].some((value) => value !== undefined);
  const page = pageRequest(isFiltered ? lookedAtMax - 1 : limit, cursor);
  const userId = await findIdOf(home, user);
  const seen = await Promise.all(
    contentDatabases(env).map((content) => lookAtChats(content, { ...filter, userId }, page)),
  );
  // Each database has returned its last used chats, so the last used of all are among them.
  const rows = seen.flat().toSorted(compare).slice(0, page.limit);
  const { matches, lookedAt } = takePage(rows, limit);
  const last = rows[lookedAt - 1];
  const hasMore = lookedAt < rows.length || rows.length === page.limit;
  return {
    items: await toOutputs(ctx, matches),
    nextCursor: hasMore && last ? encodeCursor([last.updatedAt, last.id]) : null,
    canOpen: settingsOf(env).canAdminsOpenChats,
  };
}

const compare = (one: SeenChat, other: SeenChat) =>
  other.updatedAt - one.updatedAt || (one.id < other.id ? 1 : -1);

/** Takes matches until the page is full. @returns how many rows that took */
function takePage(rows: readonly LookedAtChat[], limit: number) {
  const matches: SeenChat[] = [];
  let lookedAt = 0;
  for (const row of rows) {
    if (matches.length === limit) break;
    lookedAt += 1;
    if (row.isMatch === 1) matches.push(row);
  }
  return { matches, lookedAt };
}

/** Adds the owners to chats, and leaves out what the operator keeps closed. */
export async function toOutputs(
  { env, home }: Pick<Context, "env" | "home">,
  chats: readonly SeenChat[],
): Promise<AdminChatOutput[]> {
  const ownerOf = await findOwners(home, chats);
  const { canAdminsOpenChats } = settingsOf(env);
  return chats.map(({ userId, title, ...chat }) => ({
    owner: ownerOf(userId),
    id: chat.id,
    // A title often is the first question.
    title: canAdminsOpenChats || chat.visibility === "public" ? title : null,
    visibility: chat.visibility,
    createdAt: chat.createdAt,
    updatedAt: chat.updatedAt,
    status: chat.status,
    modelId: chat.modelId,
  }));
}
