import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { signUpInput, ViewerOutput } from "../../contracts/auth.ts";
import { AppError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { isLocalRequest } from "../../platform/local-machine.ts";
import { settingsOf } from "../../platform/settings.ts";
import { admitSignUp } from "./admit-sign-up.ts";
import { hashPassword } from "./credentials/password.ts";
import { refuseWeakPassword } from "./credentials/weak-password.ts";
import { inviteRefusal } from "./invite/check-invite.ts";
import type { InviteUse } from "./invite/use-invite.ts";
import { type EnteringUser, enter, enterWithPassword } from "./log-in.ts";
import { findUserByEmail, insertAccount } from "./queries.ts";
import { isNamedAdmin } from "./roles.ts";
import { asTry, countSignUp } from "./tries/tries.ts";
import { verifyVisitor } from "./turnstile/verify-visitor.ts";

/**
 * Creates an account and logs in. A guest becomes the account and keeps all chats. For an existing
 * account's address this is a login: the right password opens the account, and any other gets the
 * error of a refused sign-up.
 *
 * @throws AppError RATE_LIMITED; INVALID when the password is too easy to guess, or when the address
 *   is taken and the password is wrong, or without a good token of Turnstile; UPSTREAM_FAILED; what
 *   `admitSignUp` throws
 */
export async function signUp(
  ctx: Context,
  input: z.infer<typeof signUpInput>,
): Promise<ViewerOutput> {
  await refuseWeakPassword(input.password, input, "password");
  await countSignUp(ctx);
  const invite = await admitSignUp(ctx, input.email, input.invite);
  await verifyVisitor(ctx, input.turnstileToken);
  const guess = { email: input.email, sessionId: null };
  const viewer = await asTry(ctx, guess, () => createOrEnter(ctx, input, invite));
  if (viewer) return viewer;
  throw new AppError(
    "INVALID",
    "We couldn’t create this account. If you already have one, log in.",
    { detail: "address is taken" },
  );
}

/**
 * @param invite the invitation that a new account uses up; null where none is needed
 * @returns null when the address has an account with another password
 * @throws AppError INVALID when the invitation was used up or revoked meanwhile
 */
async function createOrEnter(
  ctx: Context,
  input: z.infer<typeof signUpInput>,
  invite: InviteUse | null,
): Promise<ViewerOutput | null> {
  const existing = await findUserByEmail(ctx.home, input.email);
  const created = existing ? null : await createAccount(ctx, input, invite);
  if (!created) {
    const isTaken = existing || !invite || (await findUserByEmail(ctx.home, input.email));
    if (!isTaken) throw inviteRefusal(ctx, invite.inviteId);
    return enterWithPassword(ctx, input);
  }
  return await enter(ctx, created, "auth.signed_up", invite ? { inviteId: invite.inviteId } : {});
}

/**
 * @returns null when another request created an account with the same address meanwhile, or used the
 *   invitation up
 */
async function createAccount(
  ctx: Context,
  { email, password, name }: z.infer<typeof signUpInput>,
  invite: InviteUse | null,
): Promise<EnteringUser | null> {
  // Keeps the guest's id, so that chats and a live answer stay where they are.
  const guest = ctx.viewer?.isGuest ? ctx.viewer : null;
  const userId = guest?.userId ?? newId();
  const isLocalSignUp = isLocalRequest(ctx.request);
  const facts = { email, emailVerifiedAt: null, isLocalSignUp };
  const user = {
    email,
    name: name ?? null,
    role: isNamedAdmin(facts, settingsOf(ctx.env).adminEmails)
      ? ("admin" as const)
      : ("user" as const),
    isGuest: 0 as const,
    contentShard: guest?.contentShard ?? 0,
    emailVerifiedAt: null,
    disabledAt: null,
  };
  const passwordHash = await hashPassword(password);
  const row = { ...user, id: userId, passwordHash, createdAt: systemClock() };
  return (await insertAccount(ctx.home, row, invite)) ? { ...user, userId } : null;
}
