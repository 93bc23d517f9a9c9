import { type HomeDb, sql } from "db";
import type { AuditAction } from "../../../contracts/admin-audit.ts";
import { isAfter, type PageRequest } from "../../../platform/page.ts";

/** Which events are listed. Users are named by id. */
export interface AuditFilter {
  readonly action?: AuditAction | undefined;
  readonly actorId?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/**
 * Lists a page of events with the users that they name, newest first. Each filter has an index in
 * the list's order; with several, the others are checked row by row.
 */
export function listEvents(home: HomeDb, filter: AuditFilter, { after, limit }: PageRequest) {
  const { action, actorId, ownerId, from, until } = filter;
  return home.kysely
    .selectFrom("auditEvents as events")
    .leftJoin("users as actors", "actors.id", "events.actorId")
    .leftJoin("users as owners", "owners.id", "events.ownerId")
    .select([
      "events.id",
      "events.createdAt",
      "events.action",
      "events.actorId",
      "events.targetType",
      "events.targetId",
      "events.ownerId",
      "events.reason",
      "events.requestId",
      "events.details",
      "actors.email as actorEmail",
      "actors.name as actorName",
      "owners.email as ownerEmail",
      // A guest has no name of its own, and must not read like a user who was deleted.
      sql<string | null>`coalesce(owners.name,
        CASE WHEN owners.isGuest = 1 THEN 'Guest ' || substr(owners.id, -8) END)`.as("ownerName"),
    ])
    .$if(action !== undefined, (query) => query.where("events.action", "=", action ?? ""))
    .$if(actorId !== undefined, (query) => query.where("events.actorId", "=", actorId ?? ""))
    .$if(ownerId !== undefined, (query) => query.where("events.ownerId", "=", ownerId ?? ""))
    .$if(from !== undefined, (query) => query.where("events.createdAt", ">=", from ?? 0))
    .$if(until !== undefined, (query) => query.where("events.createdAt", "<", until ?? 0))
    .$if(after !== null, (query) =>
      after === null ? query : query.where(isAfter(["events.createdAt", "events.id"], after)),
    )
    .orderBy("events.createdAt", "desc")
    .orderBy("events.id", "desc")
    .limit(limit)
    .execute();
}

export type FoundEvent = Awaited<ReturnType<typeof listEvents>>[number];
