import { createGoogle } from "@ai-sdk/google";
import {
  defaultSettingsMiddleware,
  type ImageModel,
  type LanguageModel,
  wrapLanguageModel,
} from "ai";
import type { ModelOutput } from "../contracts/models.ts";
import { createDemoModel } from "./demo-model.ts";
import { createDemoImageModel } from "./pictures/demo-image-model.ts";

/** The settings that decide which providers are available. */
export interface AiSettings {
  /** "" without a key. */
  readonly googleApiKey: string;
  /** "" for Google's own address. */
  readonly googleBaseUrl: string;
  readonly demoTokensPerSecond: number;
  /** Reaches the provider's server, and no other. */
  readonly fetch: typeof globalThis.fetch;
}

/** A model that is available: its id in the catalogue, and the AI SDK's model. */
export interface ResolvedModel {
  readonly id: string;
  readonly languageModel: LanguageModel;
  /** Draws the pictures that its tools ask for. */
  readonly imageModel: ImageModel;
  readonly canUseTools: boolean;
  /** The kinds of file that it reads. Every model reads text. */
  readonly files: FileAbilities;
}

export interface FileAbilities {
  /** The model's name as shown to people. */
  readonly modelName: string;
  readonly pictures: boolean;
  readonly pdf: boolean;
}

/**
 * Retries of a call that failed before its first token, for `maxRetries`. One is enough for a short
 * overload, because the AI SDK waits two seconds. Its default of two would leave the reader without
 * feedback for four more seconds, and would not help when a quota is used up.
 */
export const modelMaxRetries = 1;

const demoModels: readonly ModelOutput[] = [
  {
    id: "demo",
    name: "Demo model",
    provider: "Alleato",
    description: "Works without an API key, so you can try Alleato Chat. Its answers are canned.",
    isDemo: true,
    isDefault: true,
    capabilities: { tools: true, vision: true, pdf: false, reasoning: true },
  },
  {
    id: "demo-text",
    name: "Demo model, text only",
    provider: "Alleato",
    description: "Like the demo model, but it can't see pictures.",
    isDemo: true,
    isDefault: false,
    capabilities: { tools: true, vision: false, pdf: false, reasoning: true },
  },
];

/** The ids are those of the Gemini API, so a stored modelId names the model that answered. */
const geminiModels: readonly ModelOutput[] = [
  {
    id: "gemini-3.8-flash",
    name: "Gemini 3.8 Flash",
    provider: "Google",
    description: "Fast, and good at most tasks.",
    isDemo: false,
    isDefault: true,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
  {
    id: "gemini-4-argon",
    name: "Gemini 4 Argon",
    provider: "Google",
    description: "Best for hard questions. Takes longer.",
    isDemo: false,
    isDefault: false,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
  {
    id: "gemini-3.5-flash-lite",
    name: "Gemini 3.5 Flash Lite",
    provider: "Google",
    description: "Fastest and cheapest, for short tasks.",
    isDemo: false,
    isDefault: false,
    capabilities: { tools: true, vision: true, pdf: true, reasoning: true },
  },
];

/** Draws for all of Google's models: none of them answers with pictures itself. */
const geminiImageModelId = "gemini-nano-banana-2.1";

/**
 * The available models: Gemini's when a key is set, otherwise only the demo models, so that no one
 * mistakes a demo model for a real one in production. Exactly one is the default.
 */
export function listModels({ googleApiKey }: Pick<AiSettings, "googleApiKey">): ModelOutput[] {
  return googleApiKey ? [...geminiModels] : [...demoModels];
}

/**
 * Finds the model with an id, or the default model when no id is given.
 *
 * @returns undefined for an id that is not in `listModels(settings)`: a question for one model is never
 *   silently answered by another
 */
export function resolveModel(
  settings: AiSettings,
  modelId?: string | undefined,
): ResolvedModel | undefined {
  const entry = listModels(settings).find((model) =>
    modelId === undefined ? model.isDefault : model.id === modelId,
  );
  if (!entry) return undefined;
  const languageModel = entry.isDemo
    ? createDemoModel({ tokensPerSecond: settings.demoTokensPerSecond })
    : createGeminiModel(settings, entry.id);
  const { tools, vision, pdf } = entry.capabilities;
  return {
    id: entry.id,
    languageModel,
    imageModel: entry.isDemo
      ? createDemoImageModel()
      : googleOf(settings).image(geminiImageModelId),
    canUseTools: tools,
    files: { modelName: entry.name, pictures: vision, pdf },
  };
}

function googleOf({ googleApiKey, googleBaseUrl, fetch }: AiSettings) {
  return createGoogle({
    apiKey: googleApiKey,
    fetch,
    ...(googleBaseUrl !== "" && { baseURL: googleBaseUrl }),
  });
}

function createGeminiModel(settings: AiSettings, modelId: string): LanguageModel {
  return wrapLanguageModel({
    model: googleOf(settings)(modelId),
    // Without this, Gemini sends nothing while it thinks, and the answer stays empty.
    middleware: defaultSettingsMiddleware({
      settings: { providerOptions: { google: { thinkingConfig: { includeThoughts: true } } } },
    }),
  });
}
