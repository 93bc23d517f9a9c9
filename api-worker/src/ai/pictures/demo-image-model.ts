import type { ImageModelV4 } from "@ai-sdk/provider";
import { drawDemoPicture } from "./demo-drawing.ts";

/** A drawing takes this long, so that a reader sees it being drawn, and can stop it. */
const drawingMs = 600;

/** An image model without a provider, for trying out and testing. It draws shapes. */
export function createDemoImageModel(): ImageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "alleato",
    modelId: "demo-drawing",
    maxImagesPerCall: 1,
    supportsFileInputs: true,
    async doGenerate({ prompt, files, abortSignal }) {
      abortSignal?.throwIfAborted();
      const [file] = files ?? [];
      const before = file?.type === "file" && typeof file.data !== "string" ? file.data : null;
      await scheduler.wait(drawingMs, abortSignal ? { signal: abortSignal } : {});
      const image = await drawDemoPicture(prompt ?? "", before);
      const response = { timestamp: new Date(), modelId: "demo-drawing", headers: undefined };
      const words = (prompt ?? "").match(/\S+/g)?.length ?? 0;
      const usage = { inputTokens: words, outputTokens: 1, totalTokens: words + 1 };
      return { images: [image], warnings: [], response, usage };
    },
  };
}
