import { afterEach, expect, test, vi } from "vitest";
import wranglerToml from "../../../wrangler.toml?raw";
import { type SettingsEnv, settingsOf } from "./settings.ts";

const mebibyte = 1024 * 1024;
const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => warnings.mockClear());
const warned = () => warnings.mock.calls.map(([line]) => JSON.parse(String(line)));

test("without any variable each setting has its default", () => {
  expect(settingsOf({})).toEqual({
    adminEmails: [],
    canAdminsOpenChats: true,
    signUp: "open",
    signUpDomains: [],
    canStartGuest: true,
    guest: {
      messages: 20,
      tokens: null,
      storageMaxBytes: 50 * mebibyte,
      storageMaxMessages: 2_000,
    },
    guestAddress: { guests: 20, messages: 100, tokens: 500_000 },
    allGuests: { guests: 2_000, messages: 5_000, tokens: 10_000_000 },
    account: {
      messages: 100,
      tokens: null,
      storageMaxBytes: 1_000 * mebibyte,
      storageMaxMessages: 200_000,
    },
    siteTokens: null,
    modelPrices: {},
    pictureMaxBytes: 5 * mebibyte,
    fileMaxBytes: 20 * mebibyte,
    answer: {
      idleMs: 1_800_000,
      totalMs: 14_400_000,
      contentMaxBytes: 950_000,
      stallMs: 60_000,
    },
    flushesPerSecond: 20,
    openStreamWaitMs: 20_000,
    kept: {
      guestMs: 30 * dayMs + hourMs,
      sessionMs: 30 * dayMs + hourMs,
      unsentFileMs: 7 * dayMs,
      lostFileMs: 7 * dayMs,
      auditMs: null,
    },
    ai: { googleApiKey: "", googleBaseUrl: "", demoTokensPerSecond: 50 },
    turnstile: null,
    push: null,
    weather: {
      forecastUrl: "https://api.open-meteo.com",
      geocodingUrl: "https://geocoding-api.open-meteo.com",
    },
  });
  expect(warned()).toEqual([]);
});

test("wrangler.toml says the defaults", () => {
  const [, vars = ""] = wranglerToml.split("\n[vars]\n");
  const written = Object.fromEntries(
    [...vars.matchAll(/^([A-Z_]+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]),
  );
  expect(written).toMatchObject({ FILE_MAX_MB: "20", GOOGLE_GENERATIVE_AI_BASE_URL: "" });
  expect(settingsOf(written)).toEqual(settingsOf({}));
});

test.each([
  ["50", 50],
  ["0.5", 0.5],
  ["100000", 100_000],
  ["", 50],
  ["0", 50],
  ["-3", 50],
  ["fast", 50],
  [undefined, 50],
])("a pace of %j means %d tokens a second", (value, expected) => {
  expect(settingsOf({ DEMO_TOKENS_PER_SECOND: value }).ai.demoTokensPerSecond).toBe(expected);
});

test("an operator's bounds of an answer are read, and what makes no sense is the default", () => {
  expect(
    settingsOf({
      ANSWER_IDLE_SECONDS: "8",
      ANSWER_MAX_SECONDS: "10",
      ANSWER_MAX_BYTES: "5000",
      PROVIDER_STALL_SECONDS: "2.5",
    }).answer,
  ).toEqual({ idleMs: 8_000, totalMs: 10_000, contentMaxBytes: 5_000, stallMs: 2_500 });
  const defaults = settingsOf({}).answer;
  expect(
    settingsOf({
      ANSWER_IDLE_SECONDS: "0",
      ANSWER_MAX_SECONDS: "soon",
      ANSWER_MAX_BYTES: "99000000",
      PROVIDER_STALL_SECONDS: "-1",
    }).answer,
  ).toEqual(defaults);
  expect(defaults).toEqual({
    idleMs: 1_800_000,
    totalMs: 14_400_000,
    contentMaxBytes: 950_000,
    stallMs: 60_000,
  });
});

test.each([
  [{ FLUSHES_PER_SECOND: "5" }, { flushesPerSecond: 5 }],
  [{ FLUSHES_PER_SECOND: "0.2" }, { flushesPerSecond: 1 }],
  [{ FLUSHES_PER_SECOND: "1000" }, { flushesPerSecond: 20 }],
  [{ FLUSHES_PER_SECOND: "often" }, { flushesPerSecond: 20 }],
  [{ PICTURE_MAX_MB: "0.5" }, { pictureMaxBytes: mebibyte / 2 }],
  [{ PICTURE_MAX_MB: "500" }, { pictureMaxBytes: 12 * mebibyte }],
  [{ FILE_MAX_MB: "500" }, { fileMaxBytes: 90 * mebibyte }],
  [{ FILE_MAX_MB: "0" }, { fileMaxBytes: 20 * mebibyte }],
  [{ FILE_MAX_MB: "large" }, { fileMaxBytes: 20 * mebibyte }],
  [{ GUEST_STORAGE_MB: "2.5" }, { guest: { storageMaxBytes: 2.5 * mebibyte } }],
  [{ GUEST_STORAGE_MB: "0" }, { guest: { storageMaxBytes: null } }],
  [{ ACCOUNT_STORAGE_MB: " " }, { account: { storageMaxBytes: null } }],
  [{ ACCOUNT_STORAGE_MB: "-5" }, { account: { storageMaxBytes: 1_000 * mebibyte } }],
  [{ ACCOUNT_STORAGE_MB: "Infinity" }, { account: { storageMaxBytes: 1_000 * mebibyte } }],
  [{ GUEST_KEPT_DAYS: "0.5" }, { kept: { guestMs: dayMs / 2 + hourMs } }],
  [{ GUEST_KEPT_DAYS: "31" }, { kept: { guestMs: 30 * dayMs + hourMs } }],
  [{ GUEST_KEPT_DAYS: "0" }, { kept: { guestMs: 30 * dayMs + hourMs } }],
  [{ SESSION_KEPT_DAYS: "14" }, { kept: { sessionMs: 14 * dayMs + hourMs } }],
  [{ UNSENT_FILE_KEPT_DAYS: "90" }, { kept: { unsentFileMs: 90 * dayMs } }],
  [{ LOST_FILE_KEPT_DAYS: "long" }, { kept: { lostFileMs: 7 * dayMs } }],
  [{ AUDIT_KEPT_DAYS: "730" }, { kept: { auditMs: 730 * dayMs } }],
  [{ AUDIT_KEPT_DAYS: "30" }, { kept: { auditMs: 365 * dayMs } }],
  [{ AUDIT_KEPT_DAYS: "0" }, { kept: { auditMs: null } }],
  [{ GUESTS: "off" }, { canStartGuest: false }],
  [{ GUESTS: "OFF" }, { canStartGuest: true }],
  [{ GUESTS: "" }, { canStartGuest: true }],
  [{ GOOGLE_GENERATIVE_AI_API_KEY: "key" }, { canStartGuest: false, siteTokens: 20_000_000 }],
  [{ GOOGLE_GENERATIVE_AI_API_KEY: "key", SITE_TOKENS_PER_DAY: "0" }, { siteTokens: null }],
  [{ GOOGLE_GENERATIVE_AI_API_KEY: "key", SITE_TOKENS_PER_DAY: "a" }, { siteTokens: 20_000_000 }],
  [{ SITE_TOKENS_PER_DAY: "5000" }, { siteTokens: 5_000 }],
  [
    { MODEL_PRICES: "gemini-3.8-flash=0.75/4.5, demo = 0 / 1000," },
    {
      modelPrices: {
        "gemini-3.8-flash": { inputNanos: 750, outputNanos: 4_500 },
        demo: { inputNanos: 0, outputNanos: 1_000_000 },
      },
    },
  ],
  [{ MODEL_PRICES: "demo=1/2,demo-text=1" }, { modelPrices: {} }],
  [{ MODEL_PRICES: "demo=0.0001/2" }, { modelPrices: {} }],
  [{ MODEL_PRICES: "demo=1/1001" }, { modelPrices: {} }],
  [{ GOOGLE_GENERATIVE_AI_API_KEY: "key", GUESTS: "on" }, { canStartGuest: true }],
  [{ GOOGLE_GENERATIVE_AI_API_KEY: "key", GUESTS: "oN" }, { canStartGuest: false }],
  [{ SIGNUP: "" }, { signUp: "open" }],
  [{ SIGNUP: "off" }, { signUp: "off" }],
  [{ SIGNUP: "OFF" }, { signUp: "off" }],
  [{ SIGNUP: "closed" }, { signUp: "off" }],
  [
    { SIGNUP: "domains", SIGNUP_DOMAINS: "Example.com, пример.рф, no domain," },
    { signUp: "domains", signUpDomains: ["example.com", "xn--e1afmkfd.xn--p1ai"] },
  ],
  [{ OPEN_STREAM_WAIT_SECONDS: "0" }, { openStreamWaitMs: 0 }],
  [{ OPEN_STREAM_WAIT_SECONDS: "0.2" }, { openStreamWaitMs: 200 }],
  [{ OPEN_STREAM_WAIT_SECONDS: "long" }, { openStreamWaitMs: 20_000 }],
  [
    { ADMIN_EMAILS: "ada@example.com, Grace@Example.com" },
    { adminEmails: ["ada@example.com", "grace@example.com"] },
  ],
  [{ WEATHER_API_URL: "http://127.0.0.1:9" }, { weather: { forecastUrl: "http://127.0.0.1:9" } }],
  [{ WEATHER_API_URL: "" }, { weather: { forecastUrl: "https://api.open-meteo.com" } }],
] satisfies [SettingsEnv, object][])("%o is read as %o", (given, expected) => {
  expect(settingsOf(given)).toMatchObject(expected);
});

test("a value that is not valid is logged once, and the other settings stay", () => {
  const given = { GUEST_MESSAGES_PER_DAY: "a few", FILE_MAX_MB: "7" };
  const defaults = settingsOf({});
  for (const _ of [1, 2]) {
    expect(settingsOf(given)).toEqual({ ...defaults, fileMaxBytes: 7 * mebibyte });
    settingsOf({});
  }
  expect(warned()).toEqual([
    {
      level: "warn",
      event: "settings.invalid_value",
      setting: "GUEST_MESSAGES_PER_DAY",
      value: "a few",
    },
  ]);
});

test("settings that have changed are read anew, others are not parsed again", () => {
  const one = settingsOf({ GUESTS: "off" });
  expect(settingsOf({ GUESTS: "off", ADMIN_EMAILS: undefined })).toBe(one);
  expect(settingsOf({ GUESTS: "on" }).canStartGuest).toBe(true);
});
