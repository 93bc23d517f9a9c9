import { z } from "zod";

export const modelOutput = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  description: z.string(),
  /** Answers without a provider's key, for trying and testing. */
  isDemo: z.boolean(),
  isDefault: z.boolean(),
  capabilities: z.object({
    tools: z.boolean(),
    /** Sees pictures. */
    vision: z.boolean(),
    /** Reads PDF files as they are; one that does not is given their text. */
    pdf: z.boolean(),
    reasoning: z.boolean(),
  }),
});
export type ModelOutput = z.infer<typeof modelOutput>;
export const modelListOutput = z.object({ items: z.array(modelOutput) });
export type ModelListOutput = z.infer<typeof modelListOutput>;
