/** The terms of models, as they travel with a request for a turn. */
import type { ModelPrice } from "../../contracts/model-settings.ts";

export interface ModelTerms {
  readonly name: string;
  readonly isUsable: boolean;
  /** null: no price is known. */
  readonly price: ModelPrice | null;
}

/** By the model's id. */
export type TermsOfModels = { readonly [modelId: string]: ModelTerms };
