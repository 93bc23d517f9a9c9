import { expect, test } from "vitest";
import { modelListOutput } from "../contracts/models.ts";
import { servicesOf } from "../platform/outbound.ts";
import { type SettingsEnv, settingsOf } from "../platform/settings.ts";
import { listModels, resolveModel } from "./models.ts";

const withKey: SettingsEnv = { GOOGLE_GENERATIVE_AI_API_KEY: "test-key" };

test.each<[string, SettingsEnv, string[]]>([
  ["no key", {}, ["demo", "demo-text"]],
  ["an empty key", { GOOGLE_GENERATIVE_AI_API_KEY: "" }, ["demo", "demo-text"]],
  ["a key", withKey, ["gemini-3.8-flash", "gemini-4-argon", "gemini-3.5-flash-lite"]],
])("with %s the catalogue is as the contract says, with one default", (_name, env, ids) => {
  const items = listModels(settingsOf(env).ai);
  expect(modelListOutput.parse({ items })).toEqual({ items });
  expect(items.map(({ id }) => id)).toEqual(ids);
  expect(items.filter(({ isDefault }) => isDefault)).toHaveLength(1);
});

test.each<[SettingsEnv, string | undefined, string | undefined]>([
  [{}, undefined, "demo"],
  [{}, "demo", "demo"],
  [{}, "gemini-3.8-flash", undefined],
  [{}, "", undefined],
  [withKey, undefined, "gemini-3.8-flash"],
  [withKey, "gemini-4-argon", "gemini-4-argon"],
  [withKey, "demo", undefined],
  [withKey, "gemini-1.0-pro", undefined],
])("with %o, the model for %o is %o", (env, modelId, expected) => {
  const resolved = resolveModel(servicesOf(env).ai, modelId);
  expect(resolved?.id).toBe(expected);
  if (resolved) expect(resolved.languageModel).toMatchObject({ modelId: resolved.id });
});
