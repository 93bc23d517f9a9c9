/** The facts that decide whether an account is an administrator's. */
export interface AdminFacts {
  readonly email: string;
  readonly emailVerifiedAt: number | null;
  /** The account is being created now, on the machine that the worker runs on. */
  readonly isLocalSignUp: boolean;
}

/**
 * Whether `ADMIN_EMAILS` makes this account an administrator's. Anyone can sign up with any
 * address, so the address alone proves nothing: it must be verified, or the person must sit at the
 * machine itself.
 *
 * @param adminEmails in canonical form
 */
export function isNamedAdmin(facts: AdminFacts, adminEmails: readonly string[]): boolean {
  if (facts.emailVerifiedAt === null && !facts.isLocalSignUp) return false;
  return adminEmails.includes(facts.email);
}
