/**
 * An invitation to create an account, which administrators make. Its link holds a token like that of
 * a session: an id, which finds the row, and a secret, of which the row has the hash.
 */
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { logAuthEvent } from "../auth-events.ts";
import { isSecretOf, parseSessionToken } from "../session/session-token.ts";
import { findInvite } from "./queries.ts";
import type { InviteUse } from "./use-invite.ts";

/**
 * Checks the invitation of a sign-up. It is not used up yet: the batch that creates the account
 * decides that.
 *
 * @param token of the link; undefined without one
 * @param email in canonical form
 * @throws AppError FORBIDDEN without a token; INVALID for an invitation that is not good, the same
 *   whether it was used up or revoked, has expired, is for another address, or never existed
 */
export async function checkInvite(
  ctx: Pick<Context, "home" | "log" | "request">,
  token: string | undefined,
  email: string,
): Promise<InviteUse> {
  if (!token) {
    throw new AppError(
      "FORBIDDEN",
      "Sign-up is by invitation. Ask an administrator for an invitation link.",
    );
  }
  const parsed = parseSessionToken(token);
  const invite = parsed && (await findInvite(ctx.home, parsed.id));
  if (!parsed || !invite || !isSecretOf(parsed.secret, invite.secretHash)) {
    throw inviteRefusal(ctx, null);
  }
  const now = systemClock();
  const isGood =
    invite.uses < invite.maxUses &&
    invite.expiresAt > now &&
    invite.revokedAt === null &&
    (invite.email === null || invite.email === email);
  if (!isGood) throw inviteRefusal(ctx, invite.id);
  return { inviteId: invite.id, email, now };
}

/**
 * The error for an invitation that is not good.
 *
 * @param inviteId null for one that does not exist
 */
export function inviteRefusal(
  ctx: Pick<Context, "log" | "request">,
  inviteId: string | null,
): AppError {
  logAuthEvent(ctx, "auth.invite_refused", null, { inviteId });
  return new AppError(
    "INVALID",
    "This invitation doesn’t work for this address, or not anymore. Ask an administrator for another one.",
  );
}
