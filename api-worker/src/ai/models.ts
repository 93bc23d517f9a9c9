import { createGoogle } from "@ai-sdk/google";
import { defaultSettingsMiddleware, type LanguageModel, wrapLanguageModel } from "ai";
import type { ModelOutput } from "../contracts/models.ts";
import { createDemoModel, parseTokensPerSecond } from "./demo-model.ts";

/** The part of the worker's environment that says which providers can be used. */
export interface AiEnv {
  readonly GOOGLE_GENERATIVE_AI_API_KEY?: string | undefined;
  readonly GOOGLE_GENERATIVE_AI_BASE_URL?: string | undefined;
  readonly DEMO_TOKENS_PER_SECOND?: string | undefined;
}

/** A model that can answer now: its id in the catalogue, and what the AI SDK calls. */
export interface ResolvedModel {
  readonly id: string;
  readonly languageModel: LanguageModel;
  readonly canUseTools: boolean;
  /** What it can be given of files; text it always can. */
  readonly files: FileAbilities;
}

export interface FileAbilities {
  /** As people know the model. */
  readonly modelName: string;
  readonly pictures: boolean;
  readonly pdf: boolean;
}

/**
 * How often a call that failed before its first token is made again, for `maxRetries`.
 * One: a short overload passes in the two seconds that the AI SDK waits. Its default of two adds
 * four more seconds in which the reader sees nothing, and a used-up quota stays used up.
 */
export const modelMaxRetries = 1;

const demoModels: readonly ModelOutput[] = [
  {
    id: "demo",
    name: "Demo model",
    provider: "Alleato",
    description: "Answers without a key, to try the product out. It knows nothing.",
    isDemo: true,
    isDefault: true,
    capabilities: { tools: true, vision: true, pdf: false, reasoning: true },
  },
  {
    id: "demo-text",
    name: "Demo model, text only",
    provider: "Alleato",
    description: "The same without eyes, to see what becomes of pictures then.",
    isDemo: true,
    isDefault: false,
    capabilities: { tools: true, vision: false, pdf: false, reasoning: true },
  },
];

/** Ids are those of the Gemini API, so that a stored modelId says what answered. */
const geminiModels: readonly ModelOutput[] = [
  {
    id: "gemini-3.8-flash",
    name: "Gemini 3.8 Flash",
    provider: "Google",
    description: "Fast, and good at most things.",
    isDemo: false,
    isDefault: true,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
  {
    id: "gemini-4-argon",
    name: "Gemini 4 Argon",
    provider: "Google",
    description: "For hard questions. Takes longer.",
    isDemo: false,
    isDefault: false,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
  {
    id: "gemini-3.5-flash-lite",
    name: "Gemini 3.5 Flash Lite",
    provider: "Google",
    description: "The quickest and cheapest, for short tasks.",
    isDemo: false,
    isDefault: false,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
];

/**
 * The models that can answer here: Gemini's with a key, else the demo models alone, so that nobody
 * takes one for a real model in production. Exactly one is the default.
 */
export function listModels(env: AiEnv): ModelOutput[] {
  return env.GOOGLE_GENERATIVE_AI_API_KEY ? [...geminiModels] : [...demoModels];
}

/**
 * Finds the model for an id, or the default one for none. undefined for an id that is not in
 * `listModels(env)`: a question for one model is never silently answered by another.
 */
export function resolveModel(env: AiEnv, modelId?: string | undefined): ResolvedModel | undefined {
  const entry = listModels(env).find((model) =>
    modelId === undefined ? model.isDefault : model.id === modelId,
  );
  if (!entry) return undefined;
  const languageModel = entry.isDemo
    ? createDemoModel({ tokensPerSecond: parseTokensPerSecond(env.DEMO_TOKENS_PER_SECOND) })
    : createGeminiModel(env, entry.id);
  const { tools, vision, pdf } = entry.capabilities;
  return {
    id: entry.id,
    languageModel,
    canUseTools: tools,
    files: { modelName: entry.name, pictures: vision, pdf },
  };
}

function createGeminiModel(env: AiEnv, modelId: string): LanguageModel {
  const baseURL = env.GOOGLE_GENERATIVE_AI_BASE_URL;
  const google = createGoogle({
    apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY ?? "",
    ...(baseURL ? { baseURL } : {}),
  });
  return wrapLanguageModel({
    model: google(modelId),
    // Without it Gemini thinks in silence, and the reader looks at an empty answer.
    middleware: defaultSettingsMiddleware({
      settings: { providerOptions: { google: { thinkingConfig: { includeThoughts: true } } } },
    }),
  });
}
