import { generateImage, type ImageModel, NoImageGeneratedError } from "ai";
import { modelMaxRetries } from "../../../../ai/models.ts";
import type { DrawnPicture, DrawRequest } from "../../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../../ai/tools/tool-failure.ts";
import { pictureTokens, tokensOfLength } from "../prepare/estimate-tokens.ts";
import type { AnswerUsage } from "./answer-usage.ts";

/** An image model that takes longer has fallen silent. It answers in one piece, at its end. */
const drawingMaxMs = 180_000;

interface PictureDrawerOptions {
  readonly imageModel: ImageModel;
  /** Fires when the answer ends. */
  readonly abortSignal: AbortSignal;
  readonly usage: AnswerUsage;
}

/** Lets an image model draw for tools, and counts its tokens. */
export class PictureDrawer {
  readonly #options: PictureDrawerOptions;

  constructor(options: PictureDrawerOptions) {
    this.#options = options;
  }

  /**
   * Calls the image model once.
   *
   * @throws the signal's reason, what the provider throws, and ToolFailure when the model draws
   *   nothing, or takes too long
   */
  async draw({ prompt, before }: DrawRequest): Promise<DrawnPicture> {
    const { imageModel: model, abortSignal, usage: answerUsage } = this.#options;
    const timeLimit = AbortSignal.timeout(drawingMaxMs);
    const call = answerUsage.begin(() => ({
      inputTokens: tokensOfLength(prompt.length) + (before ? pictureTokens : 0),
      outputTokens: pictureTokens,
    }));
    try {
      const { image, usage } = await generateImage({
        model,
        prompt: before ? { text: prompt, images: [before] } : prompt,
        abortSignal: AbortSignal.any([abortSignal, timeLimit]),
        maxRetries: modelMaxRetries,
      });
      call.end(usage);
      return { bytes: image.uint8Array, mediaType: image.mediaType };
    } catch (error) {
      // A drawing that is given up may cost as much as a finished one.
      if (abortSignal.aborted || timeLimit.aborted) call.end({});
      else call.drop();
      abortSignal.throwIfAborted();
      if (timeLimit.aborted) throw new ToolFailure("The model took too long to draw.");
      if (NoImageGeneratedError.isInstance(error)) {
        throw new ToolFailure("The model drew nothing. Ask for something else.");
      }
      throw error;
    }
  }
}
