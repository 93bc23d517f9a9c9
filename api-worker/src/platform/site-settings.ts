/**
 * The settings of the site: what administrators have stored in the home database, over the defaults
 * of `wrangler.toml`. The query that identifies a viewer reads them, so each request of a viewer has
 * them as they are now. For visitors, whose requests need no query, an isolate remembers them for
 * {@link storedMaxAgeMs}.
 */
import { type HomeDb, sql } from "db";
import {
  type SignUpMode,
  type StoredSettings,
  storedSettingsSchema,
} from "../contracts/site-settings.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createLogger } from "./log.ts";
import { type SettingsEnv, settingsOf } from "./settings.ts";

/** What applies now. */
export interface SiteSettings {
  readonly signUp: SignUpMode;
  /** The domains that may sign up, when `signUp` is "domains". */
  readonly signUpDomains: readonly string[];
  readonly canStartGuest: boolean;
  /** What all users together may use in a UTC day; null for no limit. */
  readonly tokensPerDay: number | null;
  /** What their answers may cost in a UTC day, in nano-dollars; null for no limit. */
  readonly costPerDayNanos: number | null;
}

/** The settings as they apply: the stored ones, and the environment's for the others. */
export function siteSettingsOf(env: SettingsEnv, stored: StoredSettings): SiteSettings {
  const usual = settingsOf(env);
  return {
    signUp: stored.signUp ?? usual.signUp,
    signUpDomains: stored.signUpDomains ?? usual.signUpDomains,
    canStartGuest: stored.guests ?? usual.canStartGuest,
    tokensPerDay: stored.tokensPerDay === undefined ? usual.siteTokens : stored.tokensPerDay,
    costPerDayNanos: stored.costPerDayNanos ?? null,
  };
}

/**
 * The stored settings as one column of any query on the home database. Those with columns of their own
 * join the others; NULL leaves one out.
 */
export const storedSettingsColumn = sql<string | null>`(SELECT json_patch(value, json_object(
  'models', json(models), 'costPerDayNanos', costPerDayNanos)) FROM siteSettings WHERE id = 1)`.as(
  "siteSettings",
);

let last: { readonly text: string | null; readonly stored: StoredSettings } = {
  text: null,
  stored: {},
};

/**
 * Parses {@link storedSettingsColumn}. A setting with a value that this worker does not know, because
 * a newer one has stored it, counts as not stored, except that sign-up, the model, or with all of them
 * unreadable each model but the default one, is off then.
 */
export function parseStoredSettings(text: string | null): StoredSettings {
  if (text !== last.text) last = { text, stored: text === null ? {} : parse(JSON.parse(text)) };
  return last.stored;
}

function parse(value: Record<string, unknown>): StoredSettings {
  const parsed = storedSettingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const known = { ...value };
  for (const { path } of parsed.error.issues) {
    const [setting, modelId] = path.map(String) as [string, string?];
    createLogger().warn("settings.invalid_value", { setting, value: "" });
    if (setting === "signUp") known[setting] = "off";
    else if (setting !== "models") delete known[setting];
    else if (modelId !== undefined) {
      known[setting] = { ...(known[setting] as object), [modelId]: { access: "off" } };
    }
  }
  const again = storedSettingsSchema.safeParse(known);
  if (again.success) return again.data;
  // To leave the models out would make all of them available to everyone.
  const { models: _, ...others } = known;
  return { ...storedSettingsSchema.parse(others), hasUnreadableModels: true };
}

/** Reads the stored settings. */
export async function readStoredSettings({ kysely }: HomeDb): Promise<StoredSettings> {
  const row = await kysely.selectNoFrom(storedSettingsColumn).executeTakeFirst();
  return parseStoredSettings(row?.siteSettings ?? null);
}

/** For so long an isolate may remember the stored settings. */
export const storedMaxAgeMs = 30_000;

/**
 * Remembers the stored settings for {@link storedMaxAgeMs}. It holds no promise, because a request
 * cannot wait for what another one has begun.
 */
export class StoredSettingsCache {
  readonly #now: Clock;
  #known: { readonly at: number; readonly stored: StoredSettings } | null = null;

  constructor(now: Clock) {
    this.#now = now;
  }

  /** @throws what `read` throws; nothing is remembered then */
  async get(read: () => Promise<StoredSettings>): Promise<StoredSettings> {
    // The age counts from before the read: what another worker stores meanwhile may not be in it.
    const at = this.#now();
    if (this.#known && at - this.#known.at < storedMaxAgeMs) return this.#known.stored;
    const stored = await read();
    if (!this.#known || this.#known.at < at) this.#known = { at, stored };
    return stored;
  }

  forget(): void {
    this.#known = null;
  }
}

const cache = new StoredSettingsCache(systemClock);

/** The settings for a visitor: at most {@link storedMaxAgeMs} old. */
export async function visitorSettings({
  env,
  home,
}: {
  readonly env: SettingsEnv;
  readonly home: HomeDb;
}): Promise<SiteSettings> {
  return siteSettingsOf(env, await cache.get(() => readStoredSettings(home)));
}

/** Forgets what this isolate remembers, after a change that it made itself. */
export function forgetStoredSettings(): void {
  cache.forget();
}
