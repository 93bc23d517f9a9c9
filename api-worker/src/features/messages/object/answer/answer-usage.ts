/**
 * The tokens of one answer while it is generated: those that the provider has counted, and an estimate
 * of those that it has not, because a call goes on or was cut off.
 */
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type LanguageModel, wrapLanguageModel } from "ai";
import {
  noTokens,
  type Tokens,
  tokensOfLength,
  tokensOfPrompt,
} from "../prepare/estimate-tokens.ts";

/** What a provider has counted. It may leave out either. */
export interface CountedTokens {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

export class AnswerUsage {
  #counted: CountedTokens = {};
  #uncounted: Tokens = noTokens;
  readonly #calls = new Set<() => Tokens>();

  /**
   * Counts a call of a model that begins.
   *
   * @param estimate what it has used so far, asked for only when the provider does not say
   */
  begin(estimate: () => Tokens): ModelCall {
    this.#calls.add(estimate);
    return {
      end: ({ inputTokens, outputTokens }) => {
        if (!this.#calls.delete(estimate)) return;
        const isCounted = inputTokens !== undefined && outputTokens !== undefined;
        const { inputTokens: input, outputTokens: output } = isCounted ? noTokens : estimate();
        this.#counted = addTokens(this.#counted, { inputTokens, outputTokens });
        this.#uncounted = {
          inputTokens: this.#uncounted.inputTokens + (inputTokens === undefined ? input : 0),
          outputTokens: this.#uncounted.outputTokens + (outputTokens === undefined ? output : 0),
        };
      },
      drop: () => void this.#calls.delete(estimate),
    };
  }

  /** What the provider has counted so far; empty when it has counted nothing. */
  get counted(): { readonly inputTokens?: number; readonly outputTokens?: number } {
    const { inputTokens, outputTokens } = this.#counted;
    return {
      ...(inputTokens !== undefined && { inputTokens }),
      ...(outputTokens !== undefined && { outputTokens }),
    };
  }

  /** An estimate of the rest. */
  get uncounted(): Tokens {
    let { inputTokens, outputTokens } = this.#uncounted;
    for (const estimate of this.#calls) {
      const tokens = estimate();
      inputTokens += tokens.inputTokens;
      outputTokens += tokens.outputTokens;
    }
    return { inputTokens, outputTokens };
  }
}

export interface ModelCall {
  /** Takes what the provider has counted. What it has not stays an estimate. */
  end(counted: CountedTokens): void;
  /** Forgets a call that the provider has refused. */
  drop(): void;
}

function addTokens(sum: CountedTokens, more: CountedTokens): CountedTokens {
  const add = (key: keyof CountedTokens) =>
    more[key] === undefined ? sum[key] : (sum[key] ?? 0) + more[key];
  return { inputTokens: add("inputTokens"), outputTokens: add("outputTokens") };
}

/** @returns the model, with all its calls counted, also those that are cut off */
export function countCalls(model: LanguageModel, usage: AnswerUsage): LanguageModel {
  if (typeof model === "string" || model.specificationVersion !== "v4") return model;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: "v4",
      async wrapStream({ doStream, params: { prompt, tools, abortSignal } }) {
        let writtenLength = 0;
        const call = usage.begin(() => ({
          inputTokens: tokensOfPrompt(prompt, tools),
          outputTokens: tokensOfLength(writtenLength),
        }));
        try {
          const { stream, ...rest } = await doStream();
          const see = (part: LanguageModelV4StreamPart) => {
            if ("delta" in part) writtenLength += Buffer.byteLength(part.delta);
            if (part.type !== "finish") return;
            const { inputTokens, outputTokens } = part.usage;
            call.end({ inputTokens: inputTokens.total, outputTokens: outputTokens.total });
          };
          return { ...rest, stream: watchStream(stream, see, () => call.end({})) };
        } catch (error) {
          if (!abortSignal?.aborted) call.drop();
          throw error;
        }
      },
    },
  });
}

/**
 * @param see called for each part
 * @param onEnd called when no part follows
 */
function watchStream<Part>(
  source: ReadableStream<Part>,
  see: (part: Part) => void,
  onEnd: () => void,
): ReadableStream<Part> {
  const reader = source.getReader();
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          onEnd();
          throw error;
        });
        if (done) {
          onEnd();
          return controller.close();
        }
        see(value);
        controller.enqueue(value);
      },
      async cancel(reason) {
        onEnd();
        await reader.cancel(reason);
      },
    },
    // The source is read only as fast as the parts are taken.
    { highWaterMark: 0 },
  );
}
