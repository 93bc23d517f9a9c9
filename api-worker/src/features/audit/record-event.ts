/** The only writer of `auditEvents`; `scripts/audit-writer.test.ts` refuses another. */
import { type AuditEventRow, type Expression, type HomeDb, sql } from "db";
import type { AuditAction } from "../../contracts/admin-audit.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";

/** An action of an administrator on another user, or on another user's data. */
export interface AuditEvent {
  /** The administrator's user id. */
  readonly actorId: string;
  readonly action: AuditAction;
  readonly targetType: "upload" | "chat" | "stream" | "user" | "invite" | "settings" | "role";
  readonly targetId: string;
  /** The owner of the target, or the user that it is; null for a target without an owner. */
  readonly ownerId: string | null;
  /** The request with which it is done. */
  readonly requestId: string;
  /** Why; left out when no reason was asked for. */
  readonly reason?: string | undefined;
  /** Facts for people to read. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Builds the statement that records an action, for the batch that does it.
 *
 * @param onlyIf the condition under which the action takes effect. It is evaluated before the
 *   statements that follow in the batch.
 */
export function eventStatement(
  home: HomeDb,
  event: AuditEvent,
  onlyIf: Expression<boolean> = sql<boolean>`true`,
  id = newId(),
) {
  const row: AuditEventRow = {
    id,
    actorId: event.actorId,
    action: event.action,
    targetType: event.targetType,
    targetId: event.targetId,
    ownerId: event.ownerId,
    createdAt: systemClock(),
    reason: event.reason ?? null,
    requestId: event.requestId,
    details: event.details ? JSON.stringify(event.details) : null,
  };
  const columns = Object.keys(row) as (keyof AuditEventRow)[];
  return home.kysely
    .insertInto("auditEvents")
    .columns(columns)
    .expression(
      home.kysely
        .selectNoFrom(columns.map((column) => sql.val(row[column]).as(column)))
        .where(onlyIf),
    );
}

/**
 * Records an administrator's action. Call it before the action, because an action that cannot be
 * recorded must not happen.
 *
 * @returns the event's id
 * @throws what D1 throws; nothing was written then
 */
export async function recordEvent(home: HomeDb, event: AuditEvent): Promise<string> {
  const id = newId();
  await eventStatement(home, event, undefined, id).execute();
  return id;
}

/**
 * Deletes events that are older than they are kept, oldest first. A trigger refuses to delete an event
 * in its first year.
 *
 * @param createdBefore epoch milliseconds
 * @returns how many were deleted
 */
export async function deleteOldEvents(
  home: HomeDb,
  createdBefore: number,
  limit: number,
): Promise<number> {
  const deleted = await home.kysely
    .deleteFrom("auditEvents")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("auditEvents")
        .select("id")
        .where("createdAt", "<", createdBefore)
        .orderBy("createdAt")
        .orderBy("id")
        .limit(limit),
    )
    .returning("id")
    .execute();
  return deleted.length;
}
