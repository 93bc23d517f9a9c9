/**
 * An administrator searches the chats of one person by text, with a reason. As for an opened chat,
 * the entry of the audit log is what lets the results be read, and its owner sees it, with the words.
 */
import type { z } from "zod";
import type { UserContext } from "../../../context.ts";
import type {
  openChatOutput,
  openSearchInput,
  searchPersonInput,
  searchPersonOutput,
} from "../../../contracts/admin-chats.ts";
import { notFound } from "../../../errors.ts";
import { recordEvent } from "../../audit/record-event.ts";
import { type SearchDetails, searchedText } from "../../audit/search-details.ts";
import { searchInPlace } from "../../search/search-in-place.ts";
import { findTarget, userEvent } from "../users/find-target.ts";
import { checkOpen, findOwnEvent } from "./open-chat.ts";

/**
 * Begins a search: writes to the audit log who searches for what and why, which the person sees.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN while the operator keeps chats closed
 */
export async function openSearch(
  ctx: UserContext,
  { userId, query, reason }: z.infer<typeof openSearchInput>,
): Promise<z.infer<typeof openChatOutput>> {
  checkOpen(ctx);
  await findTarget(ctx, userId);
  const details: SearchDetails = { text: query };
  const event = userEvent(ctx, userId, { action: "chat.search", reason, details });
  const accessId = await recordEvent(ctx.home, event);
  return { accessId };
}

/**
 * A page of what the search that this administrator has begun finds.
 *
 * @throws AppError NOT_FOUND; FORBIDDEN while the operator keeps chats closed, and when the search
 *   was begun too long ago; INVALID for a cursor of another origin; RATE_LIMITED
 */
export async function searchPerson(
  ctx: UserContext,
  { accessId, limit, cursor }: z.infer<typeof searchPersonInput>,
): Promise<z.infer<typeof searchPersonOutput>> {
  const event = await findOwnEvent(ctx, accessId, "chat.search");
  const { user, owner } = await findTarget(ctx, event.ownerId);
  const query = searchedText(event.details);
  if (query === null) throw notFound("search");
  return {
    ...(await searchInPlace(ctx, owner, { query, limit, cursor })),
    owner: { id: user.id, email: user.email, name: user.name },
    query,
    reason: event.reason,
    endsAt: event.endsAt,
  };
}
