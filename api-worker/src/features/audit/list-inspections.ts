import { runBatch } from "db";
import type { z } from "zod";
import type { OwnerContext } from "../../context.ts";
import type {
  InspectionOutput,
  inspectionsInput,
  inspectionsOutput,
} from "../../contracts/admin-chats.ts";
import { pageRequest, toPage } from "../../platform/page.ts";
import { chatTitlesQuery, fileNamesQuery, listLooks } from "./queries.ts";
import { searchedText } from "./search-details.ts";

/**
 * Lists a page of what administrators looked at of an owner: who, when and why. The rows are those
 * of the audit log, so nothing that is written there is missing here.
 *
 * @throws AppError INVALID for a cursor of another origin
 */
export async function listInspections(
  { home, content, userId }: OwnerContext,
  { limit, cursor }: z.infer<typeof inspectionsInput>,
): Promise<z.infer<typeof inspectionsOutput>> {
  const rows = await listLooks(home, userId, pageRequest(limit, cursor));
  const { items, nextCursor } = toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
  const ids = [...new Set(items.map(({ targetId }) => targetId))];
  const [chats, files] = await runBatch(content, [
    chatTitlesQuery(content, userId, ids),
    fileNamesQuery(content, userId, ids),
  ]);
  const titleOf = new Map([...chats, ...files].map(({ id, title }) => [id, title]));
  const chatIds = new Set(chats.map(({ id }) => id));
  return {
    nextCursor,
    items: items.map(
      ({ action, targetId, name, email, details, ...event }): InspectionOutput => ({
        id: event.id,
        createdAt: event.createdAt,
        what: action === "file.read" ? "file" : "chat",
        title: titleOf.get(targetId) ?? null,
        chatId: chatIds.has(targetId) ? targetId : null,
        searchedFor: action === "chat.search" ? (searchedText(details) ?? "") : null,
        by: name ?? email,
        reason: event.reason,
      }),
    ),
  };
}
