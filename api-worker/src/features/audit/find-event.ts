import type { HomeDb } from "db";

/** Finds an event by its id; undefined when there is none. */
export function findEvent(home: HomeDb, id: string) {
  return home.kysely
    .selectFrom("auditEvents")
    .select(["actorId", "action", "targetId", "ownerId", "reason", "details", "createdAt"])
    .where("id", "=", id)
    .executeTakeFirst();
}
