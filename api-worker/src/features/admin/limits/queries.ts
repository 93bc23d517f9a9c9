import { type HomeDb, type LimitName, runBatch, sql, valuesOf } from "db";
import type { LimitRole } from "../../../contracts/admin-limits.ts";
import { type AuditEvent, eventStatement } from "../../audit/record-event.ts";

/** Whose limits they are. */
export type LimitSubject = { readonly role: LimitRole } | { readonly userId: string };

const columnsOf = (subject: LimitSubject) => ({ userId: null, role: null, ...subject });

/** Lists what is stored for all roles. */
export function listRoleLimits(home: HomeDb) {
  return home.kysely
    .selectFrom("ownerLimits")
    .select(["role", "name", "value"])
    .where("role", "is not", null)
    .execute();
}

/** Lists what is stored for a user. */
export function listUserLimits(home: HomeDb, userId: string) {
  return home.kysely
    .selectFrom("ownerLimits")
    .select(["name", "value"])
    .where("userId", "=", userId)
    .execute();
}

interface LimitChanges {
  readonly set: readonly { readonly name: LimitName; readonly value: number | null }[];
  /** Limits that are not set any more. */
  readonly reset: readonly LimitName[];
}

/**
 * Changes the limits of a role or a user, and records that. It does nothing for a user who does not
 * exist any more.
 */
export async function storeLimits(
  home: HomeDb,
  subject: LimitSubject,
  { set, reset }: LimitChanges,
  event: AuditEvent,
): Promise<void> {
  const { userId, role } = columnsOf(subject);
  const isThere =
    userId === null
      ? sql<boolean>`true`
      : sql<boolean>`EXISTS (SELECT 1 FROM users WHERE id = ${userId})`;
  const names = [...set.map(({ name }) => name), ...reset];
  await runBatch(home, [
    eventStatement(home, event, isThere),
    home.kysely
      .deleteFrom("ownerLimits")
      .where(userId === null ? "role" : "userId", "=", userId ?? role)
      .where("name", "in", valuesOf(names)),
    sql`INSERT INTO ownerLimits (userId, role, name, value)
      SELECT ${userId}, ${role}, value ->> 'name', value ->> 'value'
      FROM json_each(${JSON.stringify(set)}) WHERE ${isThere}`,
  ]);
}
