import type { TermsOfModels } from "../../../models/terms.ts";
import type { ModelResolver } from "./preparation.ts";

/**
 * Narrows the models of this deployment to those that a user may use, under the names that they have
 * here. The default model stays among them.
 *
 * @param terms undefined in a request of an older worker, which knows no terms
 */
export function usableModels(
  resolveModel: ModelResolver,
  terms: TermsOfModels | undefined,
): ModelResolver {
  return (modelId) => {
    const model = resolveModel(modelId);
    const term = model && terms?.[model.id];
    if (!model || !term) return model;
    if (!term.isUsable) return undefined;
    return { ...model, files: { ...model.files, modelName: term.name } };
  };
}
