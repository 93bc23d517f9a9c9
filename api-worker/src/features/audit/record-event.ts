/** The only writer of `auditEvents`; `scripts/audit-writer.test.ts` refuses another. */
import type { HomeDb } from "db";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";

/** Something an administrator did with what belongs to somebody else. */
export interface AuditEvent {
  /** The administrator's user id. */
  readonly actorId: string;
  readonly action: "file.read";
  readonly targetType: "upload";
  readonly targetId: string;
  /** Whose the target is; null for what belongs to no user. */
  readonly ownerId: string | null;
}

/**
 * Writes down what an administrator does. Call it before the deed: what cannot be written down must
 * not happen.
 *
 * @throws what D1 throws; nothing was written then
 */
export async function recordEvent(home: HomeDb, event: AuditEvent): Promise<void> {
  await home.kysely
    .insertInto("auditEvents")
    .values({ ...event, id: newId(), createdAt: systemClock() })
    .execute();
}
