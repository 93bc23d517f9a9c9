/** The models, as administrators see and change them. */
import type { z } from "zod";
import { listModels } from "../../../ai/models.ts";
import type { Context, UserContext } from "../../../context.ts";
import {
  type ModelPrice,
  type ModelSettings,
  type ModelsSettingsOutput,
  modelsSettingsSchema,
  type updateModelsInput,
} from "../../../contracts/model-settings.ts";
import { AppError } from "../../../errors.ts";
import { dollarsText } from "../../../platform/dollars-text.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { settingsOfModel, usualPrice } from "../../models/model-terms.ts";
import { readSettings, storeSettings } from "./store-settings.ts";

/** Reads what is stored for each model of this deployment, and the defaults. */
export async function getModelsSettings({
  env,
  home,
}: Pick<Context, "env" | "home">): Promise<ModelsSettingsOutput> {
  const { version, updatedAt, stored } = await readSettings(home);
  const { ai, modelPrices } = settingsOf(env);
  const models = listModels(ai).map((model) => ({
    id: model.id,
    provider: model.provider,
    isDefault: model.isDefault,
    stored: toOutput(settingsOfModel(stored, model)),
    defaults: { name: model.name, price: usualPrice(model, modelPrices) },
  }));
  return { version, updatedAt, models };
}

/** Leaves out what is not set, so that it has its default. */
function toOutput({ access, name, price }: ModelSettings) {
  return {
    ...(access !== undefined && { access }),
    ...(name !== undefined && { name }),
    ...(price !== undefined && { price: { ...price } }),
  };
}

/**
 * Stores the settings of models. Those that are not named keep theirs, so that a change of the
 * provider's key loses nothing. They are in force for the next request of each user.
 *
 * @throws AppError CONFLICT when another change came first; INVALID for limits on the default model,
 *   for names that two models have, and for models that neither this deployment nor what is stored knows
 */
export async function updateModelsSettings(
  ctx: UserContext,
  { version, models, reason }: z.infer<typeof updateModelsInput>,
): Promise<ModelsSettingsOutput> {
  const { stored } = await readSettings(ctx.home);
  const before = stored.models ?? {};
  const after: Record<string, ModelSettings> = { ...before };
  for (const [id, settings] of Object.entries(models)) {
    const set = toOutput(settings);
    if (Object.keys(set).length > 0) after[id] = set;
    else delete after[id];
  }
  refuseUnknown(ctx.env, before, Object.keys(models));
  refuseImpossible(ctx.env, after);
  const value = { models: JSON.stringify(readable(after)) };
  await storeSettings(ctx, { version, value, reason, details: changesOf(before, after) });
  return getModelsSettings(ctx);
}

/** @throws AppError INVALID */
function refuseUnknown(
  env: Env,
  stored: Readonly<Record<string, ModelSettings>>,
  modelIds: readonly string[],
): void {
  const known = new Set([
    ...listModels(settingsOf(env).ai).map(({ id }) => id),
    ...Object.keys(stored),
  ]);
  const unknown = modelIds.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const message = "There is no such model.";
  throw new AppError("INVALID", message, {
    fields: Object.fromEntries(unknown.map((id) => [`models.${id}`, message])),
  });
}

/**
 * Checks everything that is going to be stored: what no worker could read would switch models off.
 *
 * @throws AppError INVALID
 */
function readable(models: Readonly<Record<string, ModelSettings>>) {
  const parsed = modelsSettingsSchema.safeParse(models);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? "These settings can’t be stored.";
  throw new AppError("INVALID", message, { fields: { models: message } });
}

/** @throws AppError INVALID */
function refuseImpossible(env: Env, models: Readonly<Record<string, ModelSettings>>): void {
  const fields: Record<string, string> = {};
  const names = new Set<string>();
  for (const { id, isDefault, name: usual } of listModels(settingsOf(env).ai)) {
    const { access = "everyone", name = usual } = models[id] ?? {};
    if (isDefault && access !== "everyone") {
      fields[`models.${id}.access`] = "The default model stays available to everyone.";
    }
    const folded = name.toLowerCase();
    if (names.has(folded)) fields[`models.${id}.name`] = "Another model has this name.";
    names.add(folded);
  }
  const [message] = Object.values(fields);
  if (message !== undefined) throw new AppError("INVALID", message, { fields });
}

/** What has changed, for people to read: by model, the new values. */
function changesOf(
  before: Readonly<Record<string, ModelSettings>>,
  after: Readonly<Record<string, ModelSettings>>,
): Record<string, unknown> {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    ids
      .filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]))
      .map((id) => [id, wordsFor(after[id] ?? {})]),
  );
}

function wordsFor({ access, name, price }: ModelSettings): string {
  const words = [
    access,
    name && `“${name}”`,
    price && `${priceText(price.inputNanos)} in, ${priceText(price.outputNanos)} out`,
  ];
  return words.filter((word) => word !== undefined).join("; ") || "default";
}

/** The price of a million tokens. @param tokenNanos that of one */
function priceText(tokenNanos: ModelPrice["inputNanos"]): string {
  return dollarsText(tokenNanos * 1_000_000);
}
