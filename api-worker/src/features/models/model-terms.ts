/** On what terms a user may use each model: the catalogue, with what administrators have changed. */
import type { Role } from "db";
import { listModels } from "../../ai/models.ts";
import type { ModelAccess, ModelPrice, ModelSettings } from "../../contracts/model-settings.ts";
import type { ModelOutput } from "../../contracts/models.ts";
import type { StoredSettings } from "../../contracts/site-settings.ts";
import { type SettingsEnv, settingsOf } from "../../platform/settings.ts";
import type { ModelTerms, TermsOfModels } from "./terms.ts";

/** The facts about a user that decide which models the user may use. */
export interface ModelUser {
  readonly isGuest: boolean;
  readonly role: Role;
  readonly storedSettings: StoredSettings;
}

/** A model of the catalogue with its terms. */
type OfferedModel = Omit<ModelOutput, "name"> & ModelTerms;

/** Lists the models of this deployment with their terms for a user. */
export function offerModels(env: SettingsEnv, user: ModelUser): OfferedModel[] {
  const { ai, modelPrices } = settingsOf(env);
  return listModels(ai).map((model) => {
    const {
      access = "everyone",
      name = model.name,
      price,
    } = settingsOfModel(user.storedSettings, model);
    return {
      ...model,
      name,
      // Something has to answer where no model was chosen, or one that is gone.
      isUsable: model.isDefault || mayUse(access, user),
      price: price ?? usualPrice(model, modelPrices),
    };
  });
}

/** What administrators have set for a model. */
export function settingsOfModel(
  { models, hasUnreadableModels }: StoredSettings,
  { id, isDefault }: Pick<ModelOutput, "id" | "isDefault">,
): ModelSettings {
  if (hasUnreadableModels && !isDefault) return { access: "off" };
  return models?.[id] ?? {};
}

/** The price of a model that administrators have not set. @returns null when none is known */
export function usualPrice(
  { id, isDemo }: Pick<ModelOutput, "id" | "isDemo">,
  prices: Readonly<Record<string, ModelPrice>>,
): ModelPrice | null {
  return prices[id] ?? (isDemo ? { inputNanos: 0, outputNanos: 0 } : null);
}

function mayUse(access: ModelAccess, { isGuest, role }: ModelUser): boolean {
  switch (access) {
    case "everyone":
      return true;
    case "accounts":
      return !isGuest;
    case "admins":
      return role === "admin";
    case "off":
      return false;
  }
}

/** The terms that a turn of a user is held to. */
export function modelTermsOf(env: SettingsEnv, user: ModelUser): TermsOfModels {
  return Object.fromEntries(
    offerModels(env, user).map(({ id, name, isUsable, price }) => [id, { name, isUsable, price }]),
  );
}
