import { type HomeDb, sql } from "db";

/** A sign-up with an invitation. */
export interface InviteUse {
  readonly inviteId: string;
  /** The address that signs up, in canonical form. */
  readonly email: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether an invitation is good at the moment at which a batch runs, as a condition. */
export function isGoodInvite({ inviteId, email, now }: InviteUse) {
  return sql<boolean>`EXISTS (SELECT 1 FROM invites WHERE id = ${inviteId}
    AND uses < maxUses AND expiresAt > ${now} AND revokedAt IS NULL
    AND (email IS NULL OR email = ${email}))`;
}

/**
 * Builds the statement that uses an invitation up once. It follows the creation of the account in
 * the same batch, and does nothing when that has created none.
 *
 * @param account what only this batch can have written
 */
export function useInviteStatement(
  home: HomeDb,
  { inviteId }: InviteUse,
  account: { readonly id: string; readonly passwordHash: string },
) {
  return home.kysely
    .updateTable("invites")
    .set(({ eb }) => ({ uses: eb("uses", "+", 1) }))
    .where("id", "=", inviteId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("users")
          .select("users.id")
          .where("users.id", "=", account.id)
          .where("users.passwordHash", "=", account.passwordHash),
      ),
    );
}
