import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test, vi } from "vitest";
import { storeSettings } from "../../test/site-settings.ts";
import {
  parseStoredSettings,
  readStoredSettings,
  StoredSettingsCache,
  siteSettingsOf,
  storedMaxAgeMs,
} from "./site-settings.ts";

const home = createHomeDb(env.HOME);
const read = () => readStoredSettings(home);

/** A worker of its own over the same storage, with a clock that stands still. */
function worker() {
  let now = 1_000_000;
  const cache = new StoredSettingsCache(() => now);
  return {
    guests: async () => siteSettingsOf(env, await cache.get(read)).canStartGuest,
    pass: (ms: number) => {
      now += ms;
    },
    cache,
  };
}

test("a change is in force in a second worker within its promise, and not a millisecond later", async () => {
  expect(storedMaxAgeMs).toBeLessThanOrEqual(60_000);
  const [first, second] = [worker(), worker()];
  expect([await first.guests(), await second.guests()]).toEqual([true, true]);
  await storeSettings({ guests: false });
  first.cache.forget();
  expect(await first.guests()).toBe(false);
  // The second worker may answer from memory until the promise is due.
  second.pass(storedMaxAgeMs - 1);
  expect(await second.guests()).toBe(true);
  second.pass(1);
  expect(await second.guests()).toBe(false);
  await storeSettings({});
  second.pass(storedMaxAgeMs);
  expect(await second.guests()).toBe(true);
});

test("a read that takes long counts from its beginning, and one that fails is not remembered", async () => {
  let now = 0;
  const cache = new StoredSettingsCache(() => now);
  const slow = Promise.withResolvers<void>();
  const answer = cache.get(async () => {
    await slow.promise;
    return { guests: false };
  });
  now = storedMaxAgeMs - 1;
  slow.resolve();
  expect(await answer).toEqual({ guests: false });
  const again = vi.fn(async () => ({ guests: true }));
  expect(await cache.get(again)).toEqual({ guests: false });
  now = storedMaxAgeMs;
  await expect(cache.get(() => Promise.reject(new Error("D1")))).rejects.toThrow("D1");
  expect(await cache.get(again)).toEqual({ guests: true });
  expect(again).toHaveBeenCalledTimes(1);
});

test("an older answer that arrives late does not replace a newer one", async () => {
  let now = 0;
  const cache = new StoredSettingsCache(() => now);
  const slow = Promise.withResolvers<{ guests: boolean }>();
  const old = cache.get(() => slow.promise);
  now = 1;
  await cache.get(async () => ({ guests: false }));
  slow.resolve({ guests: true });
  expect(await old).toEqual({ guests: true });
  expect(await cache.get(read)).toEqual({ guests: false });
});

test("a setting that is not valid counts as not stored, and the others stay", () => {
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const text = JSON.stringify({ guests: "maybe", signUpDomains: ["A.example"], later: 1 });
  expect(parseStoredSettings(text)).toEqual({ signUpDomains: ["a.example"] });
  expect(parseStoredSettings(text)).toEqual({ signUpDomains: ["a.example"] });
  expect(warnings).toHaveBeenCalledTimes(1);
  expect(parseStoredSettings(null)).toEqual({});
  warnings.mockRestore();
});

test("a model with a setting that is not valid is off, and the others stay as they are", () => {
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const models = { a: { access: "teams", name: "A" }, b: { name: "B" }, c: { price: 1 } };
  expect(parseStoredSettings(JSON.stringify({ guests: false, models }))).toEqual({
    guests: false,
    models: { a: { access: "off" }, b: { name: "B" }, c: { access: "off" } },
  });
  for (const unreadable of [1, { ["a".repeat(101)]: {} }]) {
    expect(parseStoredSettings(JSON.stringify({ guests: false, models: unreadable }))).toEqual({
      guests: false,
      hasUnreadableModels: true,
    });
  }
  warnings.mockRestore();
});
