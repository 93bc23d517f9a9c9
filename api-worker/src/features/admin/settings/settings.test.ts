import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { forgetStoredSettings } from "../../../platform/site-settings.ts";

const { SIGNUP, SITE_TOKENS_PER_DAY } = env;
const noSettings = async () => {
  await env.HOME.prepare("DELETE FROM siteSettings").run();
  forgetStoredSettings();
};
beforeEach(noSettings);
afterEach(async () => {
  Object.assign(env, { SIGNUP, SITE_TOKENS_PER_DAY });
  await noSettings();
});

const settingsOf = ({ api }: Caller) => api.admin.settings;
const defaults = { signUp: "open", signUpDomains: [], guests: true, tokensPerDay: null };
const eventsOf = async ({ api, user }: Caller) =>
  (await api.admin.audit.list.query({ actor: user.id, action: "settings.update" })).items;

test("without a change the settings are the defaults, which are those of wrangler.toml", async () => {
  const admin = await callerFor("admin");
  const nothing = { version: 0, updatedAt: null, stored: {}, costPerDayNanos: null };
  expect(await settingsOf(admin).get.query()).toEqual({ ...nothing, defaults });
  Object.assign(env, { SIGNUP: "invite", SITE_TOKENS_PER_DAY: "5000" });
  expect(await settingsOf(admin).get.query()).toEqual({
    ...nothing,
    defaults: { ...defaults, signUp: "invite", tokensPerDay: 5_000 },
  });
});

test("a change is in force at once, and the audit log has what has changed", async () => {
  const admin = await callerFor("admin");
  const settings = { signUp: "off" as const, guests: false, tokensPerDay: null };
  const stored = await settingsOf(admin).update.mutate({ version: 0, settings, reason: "Closed" });
  expect(stored).toMatchObject({ version: 1, stored: settings, defaults });
  expect(await settingsOf(admin).get.query()).toEqual(stored);
  const signUp = anonymous().api.auth.signUp;
  const account = { email: "a@example.com", password: "correct horse" };
  expect(await errorOf(signUp.mutate(account))).toMatchObject({ errorCode: "FORBIDDEN" });
  expect(await anonymous().api.auth.options.query()).toMatchObject({
    canStartGuest: false,
    signUp: { mode: "off" },
  });
  // What is left out has its default again.
  const domains = { signUp: "domains" as const, signUpDomains: ["@Team.example", "team.example"] };
  expect(await settingsOf(admin).update.mutate({ version: 1, settings: domains })).toMatchObject({
    version: 2,
    stored: { signUp: "domains", signUpDomains: ["team.example"] },
  });
  expect(await eventsOf(admin)).toMatchObject([
    {
      details: {
        signUp: "domains",
        signUpDomains: "team.example",
        guests: "default",
        tokensPerDay: "default",
      },
    },
    {
      ...{ targetType: "settings", reason: "Closed" },
      details: { signUp: "off", guests: false, tokensPerDay: "no limit" },
    },
  ]);
});

test("of changes made on the same settings one is stored, and recorded", async () => {
  const admins = await Promise.all(Array.from({ length: 4 }, () => callerFor("admin")));
  for (const version of [0, 1]) {
    const outcomes = await Promise.allSettled(
      admins.map((admin) =>
        settingsOf(admin).update.mutate({ version, settings: { tokensPerDay: version + 1 } }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(new Set(refused.map(({ reason }) => reason.data.errorCode))).toEqual(
      new Set(["CONFLICT"]),
    );
  }
  const events = (await Promise.all(admins.map(eventsOf))).flat();
  expect(events).toHaveLength(2);
  const [admin] = admins as [Caller];
  expect(await settingsOf(admin).get.query()).toMatchObject({ version: 2 });
});

test.each([
  [{ signUp: "domains" as const }, "settings.signUpDomains"],
  [{ signUpDomains: ["not a domain"] }, "settings.signUpDomains.0"],
  [{ tokensPerDay: 0 }, "settings.tokensPerDay"],
  [{ tokensPerDay: 1.5 }, "settings.tokensPerDay"],
])("%o is refused at its field, and stores nothing", async (settings, field) => {
  const admin = await callerFor("admin");
  expect(await errorOf(settingsOf(admin).update.mutate({ version: 0, settings }))).toMatchObject({
    errorCode: "INVALID",
    fields: { [field]: expect.any(String) },
  });
  expect(await settingsOf(admin).get.query()).toMatchObject({ version: 0, stored: {} });
  expect(await eventsOf(admin)).toEqual([]);
});

test("a worker of an earlier version saves its settings, and those that it does not know stay", async () => {
  const admin = await callerFor("admin");
  const models = { "demo-text": { access: "off" as const } };
  await settingsOf(admin).updateModels.mutate({ version: 0, models });
  const settings = { guests: false };
  await settingsOf(admin).update.mutate({ version: 1, settings, costPerDayNanos: 5 });
  // The statement of that worker.
  await env.HOME.prepare(
    "INSERT INTO siteSettings (id, version, changeId, value, updatedAt) SELECT ?, ?, ?, ?, ? WHERE (SELECT coalesce(max(version), 0) FROM siteSettings) = ? ON CONFLICT (id) DO UPDATE SET version = excluded.version, changeId = excluded.changeId, value = excluded.value, updatedAt = excluded.updatedAt RETURNING version",
  )
    .bind(1, 3, "change", '{"signUp":"off"}', 4, 2)
    .run();
  expect(await settingsOf(admin).get.query()).toMatchObject({
    version: 3,
    stored: { signUp: "off" },
    costPerDayNanos: 5,
  });
  expect((await settingsOf(admin).models.query()).models[1]).toMatchObject({
    stored: models["demo-text"],
  });
});
