import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { authOptionsOutput } from "../../contracts/auth.ts";
import { settingsOf } from "../../platform/settings.ts";

/** What the pages for logging in and signing up offer, and need. */
export function authOptions({ env }: Pick<Context, "env">): z.infer<typeof authOptionsOutput> {
  const { canStartGuest, turnstile } = settingsOf(env);
  if (!turnstile) return { canStartGuest };
  const { siteKey, url } = turnstile;
  return { canStartGuest, turnstile: { siteKey, url } };
}
