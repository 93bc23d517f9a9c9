/** Changes of users by administrators, each with its event in one batch. */
import {
  type BatchQuery,
  type Expression,
  type HomeDb,
  type PasswordResetRow,
  runBatch,
  sql,
} from "db";
import { type AuditEvent, eventStatement } from "../../audit/record-event.ts";

/**
 * Whether an enabled administrator remains without this user, as a condition on `users`. Two
 * administrators can lose their role or be disabled at the same time: one statement decides.
 */
export const leavesAnAdmin = sql<boolean>`(users.role <> 'admin' OR users.disabledAt IS NOT NULL
  OR EXISTS (SELECT 1 FROM users AS other
    WHERE other.role = 'admin' AND other.disabledAt IS NULL AND other.id <> users.id))`;

interface UserChange {
  readonly userId: string;
  readonly event: AuditEvent;
  /** The condition on `users` under which the change takes effect. */
  readonly onlyIf: Expression<boolean>;
}

/**
 * Changes a user's row and records that, if the condition holds.
 *
 * @returns whether the change took effect
 */
export async function updateUser(
  home: HomeDb,
  { userId, event, onlyIf }: UserChange,
  values: { readonly role: "user" | "admin" } | { readonly disabledAt: number | null },
): Promise<boolean> {
  const statement = home.kysely
    .updateTable("users")
    .set(values)
    .where("users.id", "=", userId)
    .where(onlyIf)
    .returning("id");
  return change(home, { userId, event, onlyIf }, statement);
}

/**
 * Deletes a user's row, with sessions, tokens and limits, and records that, if the condition holds.
 *
 * @returns whether this call deleted the row
 */
export async function deleteUserRow(home: HomeDb, params: UserChange): Promise<boolean> {
  const { userId, onlyIf } = params;
  const statement = home.kysely
    .deleteFrom("users")
    .where("users.id", "=", userId)
    .where(onlyIf)
    .returning("id");
  return change(home, params, statement);
}

/**
 * Stores a link for a new password of an account that is not disabled, in place of an earlier one,
 * and records that.
 *
 * @returns whether the account was there
 */
export async function storeReset(
  home: HomeDb,
  { userId, event }: Omit<UserChange, "onlyIf">,
  { id, secretHash, createdAt, expiresAt }: Omit<PasswordResetRow, "userId">,
): Promise<boolean> {
  const onlyIf = sql<boolean>`(users.isGuest = 0 AND users.disabledAt IS NULL)`;
  const account = home.kysely
    .selectFrom("users")
    .select([
      "users.id as userId",
      sql.val(id).as("id"),
      sql.val(secretHash).as("secretHash"),
      sql.val(createdAt).as("createdAt"),
      sql.val(expiresAt).as("expiresAt"),
    ])
    .where("users.id", "=", userId)
    .where(onlyIf);
  const statement = home.kysely
    .replaceInto("passwordResets")
    .columns(["userId", "id", "secretHash", "createdAt", "expiresAt"])
    .expression(account)
    .returning("id");
  return change(home, { userId, event, onlyIf }, statement);
}

async function change(
  home: HomeDb,
  { userId, event, onlyIf }: UserChange,
  statement: BatchQuery,
): Promise<boolean> {
  const target = home.kysely
    .selectFrom("users")
    .select("users.id")
    .where("users.id", "=", userId)
    .where(onlyIf);
  const [, changed] = await runBatch(home, [
    eventStatement(home, event, sql<boolean>`EXISTS ${target}`),
    statement,
  ]);
  return changed.length > 0;
}

/** Counts what the home database has of a user, apart from the user's own row. */
export async function countHomeRows(home: HomeDb, userId: string) {
  const { rows } = await sql<{ sessions: number; apiTokens: number }>`SELECT
    (SELECT count(*) FROM sessions WHERE userId = ${userId}) AS sessions,
    (SELECT count(*) FROM apiTokens WHERE userId = ${userId}) AS apiTokens`.execute(home.kysely);
  return rows[0];
}
