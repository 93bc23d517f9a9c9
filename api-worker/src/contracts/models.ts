import { z } from "zod";

const modelOutput = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  description: z.string(),
  /** Works without a provider's key, for trying out and testing. */
  isDemo: z.boolean(),
  isDefault: z.boolean(),
  capabilities: z.object({
    tools: z.boolean(),
    /** Can see pictures. */
    vision: z.boolean(),
    /** Reads PDF files. Other models get the extracted text. */
    pdf: z.boolean(),
    reasoning: z.boolean(),
  }),
});
export type ModelOutput = z.infer<typeof modelOutput>;
export const modelListOutput = z.object({ items: z.array(modelOutput) });
export type ModelListOutput = z.infer<typeof modelListOutput>;
