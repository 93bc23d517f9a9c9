/** What administrators set for models, through the front door, for each kind of caller. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createLimit } from "../../../test/factories.ts";
import { storeSettings } from "../../../test/site-settings.ts";
import { openStream } from "../../../test/stream.ts";
import { ask, endlessQuestion, question, readUntil } from "../../../test/turns.ts";
import type { ModelAccess, ModelSettings } from "../../contracts/model-settings.ts";
import { forgetStoredSettings } from "../../platform/site-settings.ts";

const noSettings = async () => {
  await env.HOME.prepare("DELETE FROM siteSettings").run();
  forgetStoredSettings();
};
const { MODEL_PRICES } = env;
beforeEach(noSettings);
afterEach(async () => {
  Object.assign(env, { MODEL_PRICES, GOOGLE_GENERATIVE_AI_API_KEY: "" });
  await noSettings();
});

const callers = async () => {
  const [guest, owner, admin] = await Promise.all([
    callerFor("guest"),
    callerFor("owner"),
    callerFor("admin"),
  ]);
  return { guest, owner, admin };
};
const listed = async ({ api }: Caller) => (await api.models.list.query()).items.map(({ id }) => id);
const store = (settings: ModelSettings) => storeSettings({ models: { "demo-text": settings } });
const send = ({ api }: Caller, modelId: string) =>
  api.messages.send.mutate({ ...question("count to 1"), modelId });
const modelOf = async ({ api }: Caller, chatId: string) =>
  (await api.messages.list.query({ chatId })).items.at(-1)?.modelId;

const refused = {
  errorCode: "INVALID",
  message: "This model isn’t available. Choose another one, for example Demo model.",
  fields: { modelId: expect.any(String) },
};

test.each<[ModelAccess, readonly (keyof Awaited<ReturnType<typeof callers>>)[]]>([
  ["everyone", ["guest", "owner", "admin"]],
  ["accounts", ["owner", "admin"]],
  ["admins", ["admin"]],
  ["off", []],
])("a model for %s is listed for these, and answers no one else", async (access, allowed) => {
  const known = await callers();
  await store({ access });
  for (const [kind, caller] of Object.entries(known)) {
    const isAllowed = allowed.some((name) => name === kind);
    expect(await listed(caller), kind).toEqual(isAllowed ? ["demo", "demo-text"] : ["demo"]);
    if (isAllowed) await send(caller, "demo-text");
    else expect(await errorOf(send(caller, "demo-text")), kind).toMatchObject(refused);
    await send(caller, "demo");
  }
});

test("a chat whose model was switched off goes on with the default model, in every way", async () => {
  const owner = await callerFor("owner");
  const { chatId } = await send(owner, "demo-text");
  const stopped = await owner.api.messages.send.mutate({
    ...question(endlessQuestion),
    modelId: "demo-text",
  });
  const reader = await openStream(owner, stopped);
  await readUntil(reader, (events) => events.length > 2);
  await owner.api.messages.stop.mutate(stopped);
  expect(await modelOf(owner, chatId)).toBe("demo-text");
  await store({ access: "off" });

  const { assistantMessageId: messageId, streamId } = await ask(owner, "count to 1", chatId);
  await (await openStream(owner, { chatId, streamId })).rest();
  expect(await modelOf(owner, chatId)).toBe("demo");
  const regenerate = owner.api.messages.regenerate.mutate;
  expect(await errorOf(regenerate({ chatId, messageId, modelId: "demo-text" }))).toMatchObject(
    refused,
  );
  const again = await regenerate({ chatId, messageId });
  await (await openStream(owner, again)).rest();
  expect(await modelOf(owner, chatId)).toBe("demo");
  const { chatId: longChat, assistantMessageId } = stopped;
  const continued = await owner.api.messages.continue.mutate({
    chatId: longChat,
    messageId: assistantMessageId,
  });
  await owner.api.messages.stop.mutate(continued);
  expect(await modelOf(owner, longChat)).toBe("demo");
});

test("a last choice that is gone is no default, and is one again when it is back", async () => {
  const owner = await callerFor("owner");
  await send(owner, "demo-text");
  const chosen = async () =>
    (await owner.api.models.list.query()).items.find(({ isDefault }) => isDefault)?.id;
  expect(await chosen()).toBe("demo-text");
  await store({ access: "off" });
  expect(await chosen()).toBe("demo");
  await store({});
  expect(await chosen()).toBe("demo-text");
});

test("an administrator names, prices and switches models; the log has what changed", async () => {
  const { owner, admin } = await callers();
  env.MODEL_PRICES = "demo-text=0.5/2";
  const { models: settings, updateModels } = admin.api.admin.settings;
  const free = { inputNanos: 0, outputNanos: 0 };
  expect(await settings.query()).toEqual({
    version: 0,
    updatedAt: null,
    models: [
      {
        ...{ id: "demo", provider: "Alleato", isDefault: true, stored: {} },
        defaults: { name: "Demo model", price: free },
      },
      {
        ...{ id: "demo-text", provider: "Alleato", isDefault: false, stored: {} },
        defaults: {
          name: "Demo model, text only",
          price: { inputNanos: 500, outputNanos: 2_000 },
        },
      },
    ],
  });
  const stored = {
    access: "accounts" as const,
    name: "Reader",
    price: { inputNanos: 250, outputNanos: 1_500 },
  };
  // What is stored for the models of another key stays, and can be changed.
  await storeSettings({ models: { "another-provider": { access: "off" } } });
  const saved = await updateModels.mutate({
    version: 1,
    models: { "demo-text": { ...stored, name: " Reader " }, "another-provider": {} },
    reason: "Cheaper",
  });
  expect(saved).toMatchObject({ version: 2, models: [{ stored: {} }, { stored }] });
  const { items } = await owner.api.models.list.query();
  expect(items.map(({ name }) => name)).toEqual(["Demo model", "Reader"]);
  expect(Object.keys(items[1] ?? {})).not.toContain("price");
  // What is not named keeps its settings, also when the other form is saved.
  await admin.api.admin.settings.update.mutate({ version: 2, settings: { tokensPerDay: 5 } });
  await admin.api.admin.settings.update.mutate({ version: 3, settings: {} });
  expect(await updateModels.mutate({ version: 4, models: {} })).toMatchObject({
    models: [{ stored: {} }, { stored }],
  });
  expect(await updateModels.mutate({ version: 5, models: { "demo-text": {} } })).toMatchObject({
    models: [{ stored: {} }, { stored: {} }],
  });
  const { items: events } = await admin.api.admin.audit.list.query({ actor: admin.user.id });
  expect(events.map(({ details }) => details)).toEqual([
    { "demo-text": "default" },
    {},
    { tokensPerDay: "default" },
    { tokensPerDay: 5 },
    { "demo-text": "accounts; “Reader”; $0.25 in, $1.5 out", "another-provider": "default" },
  ]);
  expect(events.at(-1)).toMatchObject({ action: "settings.update", reason: "Cheaper" });
});

test.each<[object, string]>([
  [{ demo: { access: "off" } }, "models.demo.access"],
  [{ "demo-text": { name: "demo MODEL" } }, "models.demo-text.name"],
  [{ "demo-text": { name: " " } }, "models.demo-text.name"],
  [{ "demo-text": { access: "some" } }, "models.demo-text.access"],
  [
    { "demo-text": { price: { inputNanos: 0.5, outputNanos: 1 } } },
    "models.demo-text.price.inputNanos",
  ],
  [
    { "demo-text": { price: { inputNanos: 1, outputNanos: null } } },
    "models.demo-text.price.outputNanos",
  ],
  [
    { "demo-text": { price: { inputNanos: 1, outputNanos: -1 } } },
    "models.demo-text.price.outputNanos",
  ],
  [{ later: { name: "Later" } }, "models.later"],
])("%o is refused at its field, and stores nothing", async (models, field) => {
  const admin = await callerFor("admin");
  const { updateModels, models: settings } = admin.api.admin.settings;
  const update = updateModels.mutate({ version: 0, models: models as never });
  expect(await errorOf(update)).toMatchObject({
    errorCode: "INVALID",
    fields: { [field]: expect.any(String) },
  });
  expect((await settings.query()).version).toBe(0);
});

test("more models than can be read back are not stored", async () => {
  const admin = await callerFor("admin");
  const { updateModels } = admin.api.admin.settings;
  const others = Array.from({ length: 100 }, (_, index) => [
    `other-${index}`,
    { name: `${index}` },
  ]);
  await storeSettings({ models: Object.fromEntries(others) });
  const update = updateModels.mutate({ version: 1, models: { "demo-text": { access: "off" } } });
  expect(await errorOf(update)).toMatchObject({
    errorCode: "INVALID",
    fields: { models: "Too many models." },
  });
});

test("when what is stored for models cannot be read, only the default model answers", async () => {
  const { owner, admin } = await callers();
  const others = Array.from({ length: 101 }, (_, index) => [
    `other-${index}`,
    { name: `${index}` },
  ]);
  await storeSettings({ models: Object.fromEntries(others) });
  for (const caller of [owner, admin]) expect(await listed(caller)).toEqual(["demo"]);
  expect(await errorOf(send(owner, "demo-text"))).toMatchObject(refused);
  const { models } = await admin.api.admin.settings.models.query();
  expect(models.map(({ stored }) => stored)).toEqual([{}, { access: "off" }]);
});

test("under a limit in money models without a price are not offered, and one with a price is the default", async () => {
  const { owner, guest } = await callers();
  Object.assign(env, { GOOGLE_GENERATIVE_AI_API_KEY: "key" });
  const chosen = async ({ api }: Caller) =>
    (await api.models.list.query()).items.filter(({ isDefault }) => isDefault).map(({ id }) => id);
  const all = await listed(owner);
  const [usual] = await chosen(owner);
  const priced = all.find((id) => id !== usual) ?? "";
  await createLimit({ userId: owner.user.id }, "costPerDayNanos", 1_000);
  expect(await listed(owner)).toEqual(all);
  env.MODEL_PRICES = `${priced}=1/1`;
  expect(await listed(owner)).toEqual([priced]);
  expect(await chosen(owner)).toEqual([priced]);
  // A guest without such a limit can use all models.
  expect([await listed(guest), await chosen(guest)]).toEqual([all, [usual]]);
});
