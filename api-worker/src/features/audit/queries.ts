import { type ContentDb, type HomeDb, sql, valuesOf } from "db";
import { isAfter, type PageRequest } from "../../platform/page.ts";

/** Lists a page of what administrators looked at of a user, newest first. */
export function listLooks(home: HomeDb, userId: string, { after, limit }: PageRequest) {
  const query = home.kysely
    .selectFrom("auditEvents as events")
    .leftJoin("users as actors", "actors.id", "events.actorId")
    .select([
      "events.id",
      "events.createdAt",
      "events.action",
      "events.targetId",
      "events.reason",
      "events.details",
      "actors.name",
      "actors.email",
    ])
    .where("events.ownerId", "=", userId)
    .where(sql<boolean>`+events.action IN ('chat.open', 'chat.search', 'file.read')`)
    .orderBy("events.createdAt", "desc")
    .orderBy("events.id", "desc")
    .limit(limit);
  return after === null
    ? query.execute()
    : query.where(isAfter(["events.createdAt", "events.id"], after)).execute();
}

/** Builds the query for the titles of those chats that an owner still has. */
export function chatTitlesQuery(content: ContentDb, userId: string, ids: readonly string[]) {
  return content.kysely
    .selectFrom("chats")
    .select(["id", "title"])
    .where("userId", "=", userId)
    .where("id", "in", valuesOf(ids));
}

/** Builds the query for the names of those files that an owner still has. */
export function fileNamesQuery(content: ContentDb, userId: string, ids: readonly string[]) {
  return content.kysely
    .selectFrom("uploads")
    .select(["id", "name as title"])
    .where("userId", "=", userId)
    .where("id", "in", valuesOf(ids));
}
