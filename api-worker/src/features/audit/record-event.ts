/** The only writer of `auditEvents`; `scripts/audit-writer.test.ts` refuses another. */
import type { HomeDb } from "db";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";

/** An action of an administrator on another user's data. */
export interface AuditEvent {
  /** The administrator's user id. */
  readonly actorId: string;
  readonly action: "file.read";
  readonly targetType: "upload";
  readonly targetId: string;
  /** The owner of the target; null for a target without an owner. */
  readonly ownerId: string | null;
}

/**
 * Records an administrator's action. Call it before the action, because an action that cannot be
 * recorded must not happen.
 *
 * @throws what D1 throws; nothing was written then
 */
export async function recordEvent(home: HomeDb, event: AuditEvent): Promise<void> {
  await home.kysely
    .insertInto("auditEvents")
    .values({ ...event, id: newId(), createdAt: systemClock() })
    .execute();
}
