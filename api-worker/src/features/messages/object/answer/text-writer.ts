import { type LanguageModel, streamText } from "ai";
import { refuseDownloads } from "../../../../ai/downloads.ts";
import { failureOfFinish } from "../../../../ai/failure.ts";
import { modelMaxRetries } from "../../../../ai/models.ts";
import type { WriteRequest } from "../../../../ai/tools/documents/ports.ts";
import { inOwnWords, ToolFailure } from "../../../../ai/tools/tool-failure.ts";

interface TextWriterOptions {
  readonly languageModel: LanguageModel;
  /** Fires when the answer ends. */
  readonly abortSignal: AbortSignal;
  readonly limits: {
    /** A provider that sends nothing for this long is aborted. */
    readonly stallMs: number;
  };
}

/** Lets the model of an answer write texts for tools. */
export class TextWriter {
  readonly #options: TextWriterOptions;

  constructor(options: TextWriterOptions) {
    this.#options = options;
  }

  /**
   * Calls the model without tools.
   *
   * @returns the pieces of its text as they arrive
   * @throws the signal's reason, what the provider throws, and ToolFailure when the provider falls
   *   silent or ends the text early
   */
  async *write({ instructions, messages }: WriteRequest): AsyncGenerator<string, void> {
    const { languageModel, abortSignal, limits } = this.#options;
    const result = streamText({
      model: languageModel,
      instructions,
      messages: inOwnWords(messages),
      abortSignal,
      maxRetries: modelMaxRetries,
      experimental_download: refuseDownloads,
      timeout: { firstChunkMs: limits.stallMs, chunkMs: limits.stallMs },
      // Failures are thrown below. The default handler would print them raw.
      onError: () => undefined,
    });
    for await (const part of result.stream) {
      if (part.type === "text-delta") yield part.text;
      else if (part.type === "error") throw part.error;
      else if (part.type === "abort") {
        abortSignal.throwIfAborted();
        throw new ToolFailure("The model fell silent.");
      }
    }
    if (failureOfFinish(await result.finishReason)) {
      throw new ToolFailure("The model ended the text early.");
    }
  }
}
