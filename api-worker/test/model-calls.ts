/** Counts the turns that have called a model, for tests that compare them with what was charged. */
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { isTitlePrompt } from "../src/ai/prompts.ts";
import type { ChatTurnsDeps } from "../src/features/messages/object/chat-turns.ts";
import { takeInfos } from "./logs.ts";

const turnsByUser = new Map<string, number>();

/** The turns of a user in which a model was called to answer. */
export function modelTurnsOf(userId: string): number {
  return turnsByUser.get(userId) ?? 0;
}

const restarts = new Map<string, number>();

/** How often turns went on by themselves after their object died, by the log. Takes the log's infos. */
export function restartsOf(turnIds: Iterable<string>): number {
  for (const { event, turnId } of takeInfos()) {
    if (event !== "messages.turn_restarted") continue;
    restarts.set(String(turnId), (restarts.get(String(turnId)) ?? 0) + 1);
  }
  return [...turnIds].reduce((sum, turnId) => sum + (restarts.get(turnId) ?? 0), 0);
}

type ModelDeps = Pick<ChatTurnsDeps, "resolveModel" | "toolsFor">;

/** The dependencies of a chat object with models that count their calls. */
export function withCountedCalls<Deps extends ModelDeps>(deps: Deps): Deps {
  /** Whose turn makes its first call next; null after that call. */
  let caller: string | null = null;
  return {
    ...deps,
    // A turn makes its tools once, just before it calls its model.
    toolsFor(turn, ports) {
      caller = turn.userId;
      return deps.toolsFor(turn, ports);
    },
    resolveModel(modelId) {
      const model = deps.resolveModel(modelId);
      if (!model || typeof model.languageModel === "string") return model;
      const real = model.languageModel as LanguageModelV4;
      const languageModel: LanguageModelV4 = {
        specificationVersion: "v4",
        provider: real.provider,
        modelId: real.modelId,
        supportedUrls: real.supportedUrls,
        doGenerate: (call) => real.doGenerate(call),
        async doStream(call) {
          if (caller !== null && !isTitlePrompt(call.prompt)) {
            turnsByUser.set(caller, modelTurnsOf(caller) + 1);
            caller = null;
          }
          return real.doStream(call);
        },
      };
      return { ...model, languageModel };
    },
  };
}
