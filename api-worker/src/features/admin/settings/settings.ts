/** The settings of the site, as administrators see and change them. */
import type { z } from "zod";
import type { Context, UserContext } from "../../../context.ts";
import {
  type SignUpMode,
  type SiteSettingsOutput,
  type StoredSettings,
  settingNames,
  type updateSettingsInput,
} from "../../../contracts/site-settings.ts";
import { AppError } from "../../../errors.ts";
import { dollarsText } from "../../../platform/dollars-text.ts";
import { siteSettingsOf } from "../../../platform/site-settings.ts";
import { readSettings, storeSettings } from "./store-settings.ts";

/** Reads what is stored, and the defaults of `wrangler.toml`. */
export async function getSettings({
  env,
  home,
}: Pick<Context, "env" | "home">): Promise<SiteSettingsOutput> {
  const { stored, ...state } = await readSettings(home);
  return {
    ...state,
    stored: toOutput(stored),
    defaults: defaultsOf(env),
    costPerDayNanos: stored.costPerDayNanos ?? null,
  };
}

function defaultsOf(env: Env): SiteSettingsOutput["defaults"] {
  const { signUp, signUpDomains, canStartGuest, tokensPerDay } = siteSettingsOf(env, {});
  return { signUp, signUpDomains: [...signUpDomains], guests: canStartGuest, tokensPerDay };
}

/** Leaves out what is not set, so that it has its default. */
function toOutput(stored: StoredSettings): SiteSettingsOutput["stored"] {
  const { signUp, signUpDomains, guests, tokensPerDay } = stored;
  return {
    ...(signUp !== undefined && { signUp }),
    ...(signUpDomains !== undefined && { signUpDomains }),
    ...(guests !== undefined && { guests }),
    ...(tokensPerDay !== undefined && { tokensPerDay }),
  };
}

/**
 * Stores settings in place of those that were stored, and keeps those that have a form of their own.
 * They are in force for the next request of each user, and for visitors within a minute.
 *
 * @throws AppError CONFLICT when another change came first; INVALID for domains without any
 */
export async function updateSettings(
  ctx: UserContext,
  { version, settings, costPerDayNanos, reason }: z.infer<typeof updateSettingsInput>,
): Promise<SiteSettingsOutput> {
  const { stored } = await readSettings(ctx.home);
  const before = toOutput(stored);
  const after = toOutput(settings);
  const defaults = defaultsOf(ctx.env);
  refuseNoDomains(after.signUp ?? defaults.signUp, after.signUpDomains ?? defaults.signUpDomains);
  const costBefore = stored.costPerDayNanos ?? null;
  const cost = costPerDayNanos === undefined ? costBefore : costPerDayNanos;
  const value = { value: JSON.stringify(after), costPerDayNanos: cost };
  const details = {
    ...changesOf(before, after),
    ...(cost !== costBefore && { costPerDay: cost === null ? "no limit" : dollarsText(cost) }),
  };
  await storeSettings(ctx, { version, value, reason, details });
  return getSettings(ctx);
}

/** @throws AppError INVALID */
function refuseNoDomains(signUp: SignUpMode, domains: readonly string[]): void {
  if (signUp !== "domains" || domains.length > 0) return;
  const message = "Enter at least one domain. Without one, no one could sign up.";
  throw new AppError("INVALID", message, { fields: { "settings.signUpDomains": message } });
}

/** What has changed, for people to read: the new values. */
function changesOf(
  before: SiteSettingsOutput["stored"],
  after: SiteSettingsOutput["stored"],
): Record<string, unknown> {
  return Object.fromEntries(
    settingNames
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, wordsFor(after[name])]),
  );
}

function wordsFor(value: SiteSettingsOutput["stored"][keyof SiteSettingsOutput["stored"]]) {
  if (value === undefined) return "default";
  if (value === null) return "no limit";
  return Array.isArray(value) ? value.join(" ") : value;
}
