/** The budget of the whole site for a UTC day. */
import type { StoredSettings } from "../../../contracts/site-settings.ts";
import type { SettingsEnv } from "../../../platform/settings.ts";
import { siteSettingsOf } from "../../../platform/site-settings.ts";
import type { SiteLimits } from "./site-ledger.ts";

/** The one object that counts what the site uses. */
export function siteBudget(env: Pick<Env, "SITE_BUDGET">) {
  return env.SITE_BUDGET.get(env.SITE_BUDGET.idFromName("site"));
}

/** The budget as it is set now; undefined for none, so that no turn calls its object. */
export function siteLimitsOf(env: SettingsEnv, stored: StoredSettings): SiteLimits | undefined {
  const { tokensPerDay, costPerDayNanos } = siteSettingsOf(env, stored);
  if (tokensPerDay === null && costPerDayNanos === null) return undefined;
  return {
    tokens: tokensPerDay ?? Number.MAX_SAFE_INTEGER,
    ...(costPerDayNanos !== null && { costNanos: costPerDayNanos }),
  };
}
