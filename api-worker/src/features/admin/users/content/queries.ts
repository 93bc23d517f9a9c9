import { type ContentDb, sql } from "db";
import { isAfter, type PageRequest } from "../../../../platform/page.ts";

/** Lists a page of a user's documents, last changed first, without their content. */
export function listDocumentsOf(content: ContentDb, userId: string, { after, limit }: PageRequest) {
  const query = content.kysely
    .selectFrom("documents")
    .select(["id", "kind", "title", "version", "chatId", "updatedAt"])
    .where("userId", "=", userId)
    .orderBy("updatedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (after === null) return query.execute();
  return query.where(isAfter(["updatedAt", "id"], after)).execute();
}

/** Lists a page of a user's files, newest first. */
export function listFilesOf(content: ContentDb, userId: string, { after, limit }: PageRequest) {
  const query = content.kysely
    .selectFrom("uploads")
    .select(["id", "name", "mediaType", "bytes", "createdAt"])
    .where("userId", "=", userId)
    // A literal, because an index of a part of the table serves no condition with a parameter.
    .where("state", "=", sql.lit("ready"))
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (after === null) return query.execute();
  return query.where(isAfter(["createdAt", "id"], after)).execute();
}
