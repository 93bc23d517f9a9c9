/**
 * The operator's settings: the `[vars]` of wrangler.toml and the secrets, all of them strings. No
 * other file reads them or knows their defaults.
 */
import { z } from "zod";
import { canonicalDomain, canonicalEmail } from "../contracts/email-address.ts";
import { type ModelPrice, modelPriceSchema } from "../contracts/model-settings.ts";
import { signUpModes } from "../contracts/site-settings.ts";
import { createLogger } from "./log.ts";

const mebibyte = 1024 * 1024;
/** The worker checks a picture in memory, and sends a model at most 12 MiB at once. */
export const pictureMostBytes = 12 * mebibyte;
/** The platform accepts requests of up to 100 MB. */
export const fileMostBytes = 90 * mebibyte;
/** A row in D1 holds 2 MB, and an answer's last chunk can double its length. */
const answerMostBytes = 950_000;

/** Treats an empty value as unset. */
const withoutBlank = (value: unknown) =>
  typeof value === "string" && value.trim() === "" ? undefined : value;

const text = (usual: string) =>
  z.preprocess(withoutBlank, z.string().optional()).transform((value) => value ?? usual);

/** A text of a given form, or "". */
const matching = (form: RegExp) =>
  z.preprocess(withoutBlank, z.string().regex(form).optional()).transform((value) => value ?? "");

/** A number above 0. @param most the value that a larger number counts as */
const positive = (usual: number, most = Number.POSITIVE_INFINITY) =>
  z
    .preprocess(withoutBlank, z.coerce.number().positive().optional())
    .transform((value) => Math.min(value ?? usual, most));

/** 0 or an empty value means no limit, which is null. */
const limit = (usual: number | null) =>
  z.coerce
    .number()
    .nonnegative()
    .transform((value) => (value === 0 ? null : value))
    .default(usual);

/** One price of `MODEL_PRICES`: the model's id, and dollars for a million tokens of input and output. */
const priceForm = /^([^=\s]+)\s*=\s*(\d+(?:\.\d{1,3})?)\s*\/\s*(\d+(?:\.\d{1,3})?)$/;

/** Prices by the id of their model. */
const prices = text("").transform((list, ctx): Readonly<Record<string, ModelPrice>> => {
  const entries = list.split(",").filter((entry) => entry.trim() !== "");
  const known = new Map<string, ModelPrice>();
  for (const entry of entries) {
    const [, id = "", input, output] = priceForm.exec(entry.trim()) ?? [];
    const [inputNanos, outputNanos] = [input, output].map((usd) => Math.round(Number(usd) * 1_000));
    const price = modelPriceSchema.safeParse({ inputNanos, outputNanos });
    if (price.success) known.set(id, price.data);
    else ctx.addIssue("A price is not valid.");
  }
  return Object.fromEntries(known);
});

/** What all users together may use in a day once it costs money, unless the operator says otherwise. */
const siteTokens = 20_000_000;

const inBytes = (megabytes: number) => Math.floor(megabytes * mebibyte);
const inMs = (seconds: number) => seconds * 1_000;
const dayMs = 24 * 60 * 60_000;
/** The time of a session's last use is stored once in so many milliseconds of use. */
export const lastSeenStepMs = 60 * 60_000;
/** A number of days above 0, in milliseconds. @param most the value that a larger number counts as */
const days = (usual: number, most?: number) =>
  positive(usual, most).transform((count) => count * dayMs);
/** A trigger keeps younger events of the audit log, see the migration home/0016. */
const auditLeastDays = 365;

/** The names of the string variables in wrangler.toml. */
type VarName = {
  [Name in keyof Env]-?: Env[Name] extends string ? Name : never;
}[keyof Env];
type SettingName =
  | VarName
  | "GOOGLE_GENERATIVE_AI_API_KEY"
  | "TURNSTILE_SECRET"
  | "VAPID_PRIVATE_KEY";

/** Each variable with its default. One missing here or in wrangler.toml fails to compile. */
const variables = {
  ADMIN_EMAILS: text("").transform((emails) =>
    emails
      .split(",")
      .map(canonicalEmail)
      .filter((email) => email !== null),
  ),
  ADMIN_CHAT_ACCESS: z.preprocess(withoutBlank, z.enum(["on", "off"]).default("on")),
  SIGNUP: z.preprocess(withoutBlank, z.enum(signUpModes).default("open")),
  SIGNUP_DOMAINS: text("").transform((domains) =>
    domains
      .split(",")
      .map((domain) => canonicalDomain(domain.trim()))
      .filter((domain) => domain !== null),
  ),
  GUESTS: z.preprocess(withoutBlank, z.enum(["on", "off"]).optional()),
  GUEST_MESSAGES_PER_DAY: limit(20),
  GUEST_TOKENS_PER_DAY: limit(null),
  GUEST_ADDRESS_NEW_PER_DAY: limit(20),
  GUEST_ADDRESS_MESSAGES_PER_DAY: limit(100),
  GUEST_ADDRESS_TOKENS_PER_DAY: limit(500_000),
  ALL_GUESTS_NEW_PER_DAY: limit(2_000),
  ALL_GUESTS_MESSAGES_PER_DAY: limit(5_000),
  ALL_GUESTS_TOKENS_PER_DAY: limit(10_000_000),
  ACCOUNT_MESSAGES_PER_DAY: limit(100),
  ACCOUNT_TOKENS_PER_DAY: limit(null),
  SITE_TOKENS_PER_DAY: z.preprocess(withoutBlank, z.coerce.number().nonnegative().optional()),
  MODEL_PRICES: prices,
  DEMO_TOKENS_PER_SECOND: positive(50),
  ANSWER_IDLE_SECONDS: positive(1_800).transform(inMs),
  ANSWER_MAX_SECONDS: positive(14_400).transform(inMs),
  ANSWER_MAX_BYTES: positive(answerMostBytes, answerMostBytes),
  PROVIDER_STALL_SECONDS: positive(60).transform(inMs),
  FLUSHES_PER_SECOND: positive(20, 20).transform((rate) => Math.max(1, rate)),
  OPEN_STREAM_WAIT_SECONDS: z
    .preprocess(withoutBlank, z.coerce.number().nonnegative().default(20))
    .transform(inMs),
  PICTURE_MAX_MB: positive(5).transform((mb) => Math.min(inBytes(mb), pictureMostBytes)),
  FILE_MAX_MB: positive(20).transform((mb) => Math.min(inBytes(mb), fileMostBytes)),
  GUEST_STORAGE_MB: limit(50).transform((mb) => mb && inBytes(mb)),
  ACCOUNT_STORAGE_MB: limit(1_000).transform((mb) => mb && inBytes(mb)),
  GUEST_STORAGE_MESSAGES: limit(2_000),
  ACCOUNT_STORAGE_MESSAGES: limit(200_000),
  // A guest's cookie ends after 30 days without use, and an account's session too.
  GUEST_KEPT_DAYS: days(30, 30),
  SESSION_KEPT_DAYS: days(30, 30),
  UNSENT_FILE_KEPT_DAYS: days(7),
  LOST_FILE_KEPT_DAYS: days(7),
  AUDIT_KEPT_DAYS: limit(null).transform(
    (count) => count && Math.max(count, auditLeastDays) * dayMs,
  ),
  WEATHER_API_URL: text("https://api.open-meteo.com"),
  WEATHER_GEOCODING_URL: text("https://geocoding-api.open-meteo.com"),
  GOOGLE_GENERATIVE_AI_BASE_URL: text(""),
  GOOGLE_GENERATIVE_AI_API_KEY: text(""),
  TURNSTILE_SITE_KEY: text(""),
  TURNSTILE_URL: text("https://challenges.cloudflare.com"),
  TURNSTILE_SECRET: text(""),
  VAPID_PUBLIC_KEY: matching(/^[\w-]{87}$/),
  VAPID_PRIVATE_KEY: matching(/^[\w-]{43}$/),
  VAPID_SUBJECT: matching(/^(mailto:.+@.+|https:\/\/.+)$/),
} satisfies Record<SettingName, z.ZodType>;

const settingsSchema = z.object(variables).transform((given) => ({
  /** In canonical form. An account becomes an administrator once its address here is verified. */
  adminEmails: given.ADMIN_EMAILS,
  /** Whether administrators may open chats and files of others; each time leaves a trace. */
  canAdminsOpenChats: given.ADMIN_CHAT_ACCESS === "on",
  signUp: given.SIGNUP,
  signUpDomains: given.SIGNUP_DOMAINS,
  /** By default only where a guest cannot spend the operator's money. */
  canStartGuest: given.GUESTS ? given.GUESTS === "on" : given.GOOGLE_GENERATIVE_AI_API_KEY === "",
  /**
   * A guest's default limits; null for no limit. Messages and tokens count per day, `storage…` counts
   * what is kept.
   */
  guest: {
    messages: given.GUEST_MESSAGES_PER_DAY,
    tokens: given.GUEST_TOKENS_PER_DAY,
    storageMaxBytes: given.GUEST_STORAGE_MB,
    storageMaxMessages: given.GUEST_STORAGE_MESSAGES,
  },
  /** The limits of one day for the guests of one address together. */
  guestAddress: {
    guests: given.GUEST_ADDRESS_NEW_PER_DAY,
    messages: given.GUEST_ADDRESS_MESSAGES_PER_DAY,
    tokens: given.GUEST_ADDRESS_TOKENS_PER_DAY,
  },
  /** The same for all guests together. */
  allGuests: {
    guests: given.ALL_GUESTS_NEW_PER_DAY,
    messages: given.ALL_GUESTS_MESSAGES_PER_DAY,
    tokens: given.ALL_GUESTS_TOKENS_PER_DAY,
  },
  /** An account's default limits. */
  account: {
    messages: given.ACCOUNT_MESSAGES_PER_DAY,
    tokens: given.ACCOUNT_TOKENS_PER_DAY,
    storageMaxBytes: given.ACCOUNT_STORAGE_MB,
    storageMaxMessages: given.ACCOUNT_STORAGE_MESSAGES,
  },
  /**
   * The tokens of all users together in a day; null for no limit. By default only where they cost the
   * operator's money.
   */
  siteTokens:
    given.SITE_TOKENS_PER_DAY === undefined
      ? given.GOOGLE_GENERATIVE_AI_API_KEY === ""
        ? null
        : siteTokens
      : given.SITE_TOKENS_PER_DAY || null,
  /** By the model's id. A model that is missing has no known price. */
  modelPrices: given.MODEL_PRICES,
  pictureMaxBytes: given.PICTURE_MAX_MB,
  /** For files that are not pictures. */
  fileMaxBytes: given.FILE_MAX_MB,
  /** Limits of one answer. `contentMaxBytes` counts UTF-8 bytes of content as JSON. */
  answer: {
    stallMs: given.PROVIDER_STALL_SECONDS,
    idleMs: given.ANSWER_IDLE_SECONDS,
    totalMs: given.ANSWER_MAX_SECONDS,
    contentMaxBytes: given.ANSWER_MAX_BYTES,
  },
  /** How often the log of an answer is written, and so shown to its readers, at most. */
  flushesPerSecond: given.FLUSHES_PER_SECOND,
  /** How long a long-poll of an open stream waits for new content. */
  openStreamWaitMs: given.OPEN_STREAM_WAIT_SECONDS,
  /** How long things are kept, in milliseconds. */
  kept: {
    /** A guest, after the last use that is stored. The last use may have been a step later. */
    guestMs: given.GUEST_KEPT_DAYS + lastSeenStepMs,
    /** The same for a session of an account. */
    sessionMs: given.SESSION_KEPT_DAYS + lastSeenStepMs,
    unsentFileMs: given.UNSENT_FILE_KEPT_DAYS,
    /** An object without a row. */
    lostFileMs: given.LOST_FILE_KEPT_DAYS,
    /** An event of the audit log; null for ever. */
    auditMs: given.AUDIT_KEPT_DAYS,
  },
  ai: {
    /** "" without a key. The demo models answer then. */
    googleApiKey: given.GOOGLE_GENERATIVE_AI_API_KEY,
    /** "" for Google's own address. */
    googleBaseUrl: given.GOOGLE_GENERATIVE_AI_BASE_URL,
    demoTokensPerSecond: given.DEMO_TOKENS_PER_SECOND,
  },
  /** null: visitors need no check. It needs both keys. */
  turnstile:
    given.TURNSTILE_SITE_KEY !== "" && given.TURNSTILE_SECRET !== ""
      ? {
          siteKey: given.TURNSTILE_SITE_KEY,
          secret: given.TURNSTILE_SECRET,
          url: given.TURNSTILE_URL,
        }
      : null,
  /** The keys of pushed notifications; null when one is missing, and nothing is pushed. */
  push:
    given.VAPID_PUBLIC_KEY !== "" && given.VAPID_PRIVATE_KEY !== "" && given.VAPID_SUBJECT !== ""
      ? {
          publicKey: given.VAPID_PUBLIC_KEY,
          privateKey: given.VAPID_PRIVATE_KEY,
          /** How push services reach the operator. */
          subject: given.VAPID_SUBJECT,
        }
      : null,
  weather: {
    forecastUrl: given.WEATHER_API_URL,
    geocodingUrl: given.WEATHER_GEOCODING_URL,
  },
}));

/** The settings, parsed: times in milliseconds, sizes in bytes. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** The part of the worker's environment that settings are read from. */
export type SettingsEnv = { readonly [Name in SettingName]?: string | undefined };

const names = Object.keys(variables) as SettingName[];
let last: { readonly given: SettingsEnv; readonly settings: Settings } | undefined;

/**
 * Reads the operator's settings. An invalid value counts as the default (of `SIGNUP` as "off") and
 * is logged once in the life of a worker. Settings are parsed again only after a change, so call this wherever needed.
 */
export function settingsOf(env: SettingsEnv): Settings {
  const known = last;
  if (known && names.every((name) => known.given[name] === env[name])) return known.settings;
  const given: SettingsEnv = Object.fromEntries(names.map((name) => [name, env[name]]));
  const settings = parse(given);
  last = { given, settings };
  return settings;
}

function parse(given: SettingsEnv): Settings {
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const invalid = new Set(parsed.error.issues.map(({ path: [name] }) => name as SettingName));
  for (const name of invalid) logInvalid(name, given[name] ?? "");
  const valid = names.filter((name) => !invalid.has(name)).map((name) => [name, given[name]]);
  // A misspelled "off" must not open the door.
  if (invalid.has("SIGNUP")) valid.push(["SIGNUP", "off"]);
  return settingsSchema.parse(Object.fromEntries(valid));
}

const logged = new Set<string>();

function logInvalid(setting: SettingName, value: string): void {
  const line = `${setting}=${value}`;
  if (logged.has(line)) return;
  logged.add(line);
  createLogger().warn("settings.invalid_value", { setting, value: value.slice(0, 100) });
}
