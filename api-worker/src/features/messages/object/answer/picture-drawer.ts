import { generateImage, type ImageModel, NoImageGeneratedError } from "ai";
import { modelMaxRetries } from "../../../../ai/models.ts";
import type { DrawnPicture, DrawRequest } from "../../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../../ai/tools/tool-failure.ts";

/** An image model that takes longer has fallen silent. It answers in one piece, at its end. */
const drawingMaxMs = 180_000;

interface PictureDrawerOptions {
  readonly imageModel: ImageModel;
  /** Fires when the answer ends. */
  readonly abortSignal: AbortSignal;
}

/** Lets an image model draw for tools, and counts its tokens. */
export class PictureDrawer {
  readonly #options: PictureDrawerOptions;
  /** The tokens of all pictures. */
  inputTokens = 0;
  outputTokens = 0;

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
    const { imageModel: model, abortSignal } = this.#options;
    const timeLimit = AbortSignal.timeout(drawingMaxMs);
    try {
      const { image, usage } = await generateImage({
        model,
        prompt: before ? { text: prompt, images: [before] } : prompt,
        abortSignal: AbortSignal.any([abortSignal, timeLimit]),
        maxRetries: modelMaxRetries,
      });
      this.inputTokens += usage.inputTokens ?? 0;
      this.outputTokens += usage.outputTokens ?? 0;
      return { bytes: image.uint8Array, mediaType: image.mediaType };
    } catch (error) {
      abortSignal.throwIfAborted();
      if (timeLimit.aborted) throw new ToolFailure("The model took too long to draw.");
      if (NoImageGeneratedError.isInstance(error)) {
        throw new ToolFailure("The model drew nothing. Ask for something else.");
      }
      throw error;
    }
  }
}
