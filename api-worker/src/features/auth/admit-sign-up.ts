import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { readStoredSettings, siteSettingsOf } from "../../platform/site-settings.ts";
import { checkInvite } from "./invite/check-invite.ts";
import type { InviteUse } from "./invite/use-invite.ts";

/**
 * Refuses a sign-up that the settings of the site do not allow, before anything is read about the
 * address: the answer is the same whether it has an account or not.
 *
 * @param email in canonical form
 * @param token of an invitation; ignored where none is needed
 * @returns the invitation that the account uses up; null where none is needed
 * @throws AppError FORBIDDEN when sign-up is off; INVALID when the address is of another domain; what
 *   `checkInvite` throws
 */
export async function admitSignUp(
  ctx: Pick<Context, "env" | "home" | "log" | "request">,
  email: string,
  token: string | undefined,
): Promise<InviteUse | null> {
  const { signUp, signUpDomains } = siteSettingsOf(ctx.env, await readStoredSettings(ctx.home));
  switch (signUp) {
    case "open":
      return null;
    case "off":
      throw signUpIsOff();
    case "invite":
      return checkInvite(ctx, token, email);
    case "domains":
      if (signUpDomains.includes(email.slice(email.lastIndexOf("@") + 1))) return null;
  }
  const message = "This email address can’t be used here. Use your work address.";
  throw new AppError("INVALID", message, { fields: { email: message } });
}

function signUpIsOff(): AppError {
  return new AppError(
    "FORBIDDEN",
    "Sign-up is turned off. Log in, or ask an administrator for an account.",
  );
}
