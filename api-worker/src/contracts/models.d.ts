import { z } from "zod";
export declare const modelOutput: z.ZodObject<
  {
    id: z.ZodString;
    name: z.ZodString;
    provider: z.ZodString;
    description: z.ZodString;
    isDemo: z.ZodBoolean;
    isDefault: z.ZodBoolean;
    capabilities: z.ZodObject<
      {
        tools: z.ZodBoolean;
        vision: z.ZodBoolean;
        reasoning: z.ZodBoolean;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type ModelOutput = z.infer<typeof modelOutput>;
export declare const modelListOutput: z.ZodObject<
  {
    items: z.ZodArray<
      z.ZodObject<
        {
          id: z.ZodString;
          name: z.ZodString;
          provider: z.ZodString;
          description: z.ZodString;
          isDemo: z.ZodBoolean;
          isDefault: z.ZodBoolean;
          capabilities: z.ZodObject<
            {
              tools: z.ZodBoolean;
              vision: z.ZodBoolean;
              reasoning: z.ZodBoolean;
            },
            z.core.$strip
          >;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
