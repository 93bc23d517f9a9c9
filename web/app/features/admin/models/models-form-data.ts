import type { RouterInputs } from "api-worker";
import type { ModelsSettingsOutput } from "api-worker/contracts/model-settings";
import { nanosOfPrice } from "../form/amounts.ts";

type Models = RouterInputs["admin"]["settings"]["updateModels"]["models"];
type Price = NonNullable<NonNullable<Models[string]>["price"]>;
type ModelRow = Pick<ModelsSettingsOutput["models"][number], "id" | "isDefault" | "defaults">;

/** The name of a model's field in the form. */
export function fieldName(modelId: string, field: "access" | "name" | "input" | "output"): string {
  return `${modelId} ${field}`;
}

/**
 * Reads the settings of models from the form's fields. What equals the default is left out. What the
 * server refuses is not checked here.
 */
export function readModels(form: FormData, models: readonly ModelRow[]): Models {
  return Object.fromEntries(models.map((model) => [model.id, readModel(form, model)]));
}

function readModel(form: FormData, { id, isDefault, defaults }: ModelRow): Models[string] {
  const text = (field: Parameters<typeof fieldName>[1]) =>
    String(form.get(fieldName(id, field)) ?? "").trim();
  const access = text("access");
  const name = text("name");
  return {
    ...(!isDefault && access !== "everyone" && { access: access as "off" }),
    ...(name !== "" && name !== defaults.name && { name }),
    ...readPrice(text("input"), text("output")),
  };
}

/** Nothing when neither was entered. One without the other is for the server to refuse. */
function readPrice(input: string, output: string): { readonly price?: Price } {
  if (input === "" && output === "") return {};
  return { price: { inputNanos: nanosOfPrice(input), outputNanos: nanosOfPrice(output) } };
}
