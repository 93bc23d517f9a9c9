import type { ModelOutput } from "../contracts/models.ts";

/** The part of the worker's environment that says which providers can be used. */
export interface AiEnv {
  readonly GOOGLE_GENERATIVE_AI_API_KEY?: string | undefined;
  readonly GOOGLE_GENERATIVE_AI_BASE_URL?: string | undefined;
  readonly DEMO_TOKENS_PER_SECOND?: string | undefined;
}

export function listModels(_env: AiEnv): ModelOutput[] {
  return [];
}
