import { domainToUnicode } from "node:url";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { authOptionsOutput } from "../../contracts/auth.ts";
import { settingsOf } from "../../platform/settings.ts";
import { visitorSettings } from "../../platform/site-settings.ts";

/**
 * What the pages for logging in and signing up offer, and need.
 *
 * @throws what D1 throws
 */
export async function authOptions(
  ctx: Pick<Context, "env" | "home">,
): Promise<z.infer<typeof authOptionsOutput>> {
  const { turnstile } = settingsOf(ctx.env);
  const { canStartGuest, signUp: mode, signUpDomains } = await visitorSettings(ctx);
  const domains = mode === "domains" ? signUpDomains.map((domain) => domainToUnicode(domain)) : [];
  return {
    canStartGuest,
    ...(mode !== "open" && {
      signUp:
        mode === "invite" ? { mode: "off" as const, domains, isByInvite: true } : { mode, domains },
    }),
    ...(turnstile && { turnstile: { siteKey: turnstile.siteKey, url: turnstile.url } }),
  };
}
