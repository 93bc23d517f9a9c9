import type { InviteOutput } from "api-worker/contracts/admin-invites";

/** Whether an invitation works at a time, in epoch milliseconds, and if not, why. */
export function inviteState(
  { uses, maxUses, expiresAt, revokedAt }: InviteOutput,
  nowMs: number,
): "good" | "revoked" | "used-up" | "expired" {
  if (revokedAt !== null) return "revoked";
  if (uses >= maxUses) return "used-up";
  return expiresAt > nowMs ? "good" : "expired";
}

/** For whom an invitation is. */
export function inviteeOf({ email }: Pick<InviteOutput, "email">): string {
  return email ?? "Anyone with the link";
}

/** The address that an invitation's link leads to. Its token is where no server logs it. */
export function inviteLink(origin: string, token: string): string {
  return `${origin}/signup#${new URLSearchParams({ invite: token })}`;
}
