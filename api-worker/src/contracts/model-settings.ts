/**
 * What administrators change about models while the product runs: who may use each, its name and its
 * price. One schema: it checks what is entered and what is stored, and makes the form.
 */
import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";

/** Who may use a model; "off" is no one. */
export const modelAccess = ["everyone", "accounts", "admins", "off"] as const;
export type ModelAccess = (typeof modelAccess)[number];

const priceForm = "Enter an amount in dollars with at most three decimals, like 0.25.";

/**
 * The price of one token in nano-dollars (billionths of a US dollar), which is the same number as the
 * price of a million tokens in thousandths of a dollar. So the cost of an answer, tokens times price,
 * is a whole number without rounding.
 */
const tokenNanos = z
  .int(priceForm)
  .min(0, priceForm)
  .max(1_000_000, "Enter at most 1,000 dollars.");

export const modelPriceSchema = z.object({ inputNanos: tokenNanos, outputNanos: tokenNanos });
export type ModelPrice = Readonly<z.infer<typeof modelPriceSchema>>;

const modelSettingsSchema = z
  .object({
    access: z.enum(modelAccess),
    name: z.string().trim().min(1, "Enter a name.").max(60, "Use at most 60 characters."),
    price: modelPriceSchema,
  })
  .partial();
export type ModelSettings = Readonly<z.output<typeof modelSettingsSchema>>;

/** By the model's id. What is left out has its default. */
export const modelsSettingsSchema = z
  .record(z.string().min(1).max(100), modelSettingsSchema)
  .refine((models) => Object.keys(models).length <= 100, "Too many models.");

const modelSettingsOutput = z.object({
  access: z.enum(modelAccess).optional(),
  name: z.string().optional(),
  price: z.object({ inputNanos: z.number(), outputNanos: z.number() }).optional(),
});

export const modelsSettingsOutput = z.object({
  /** Counts the changes of all settings of the site; 0 before the first. */
  version: z.number(),
  /** null before the first change. */
  updatedAt: z.number().nullable(),
  /** The models that are available with this deployment's keys. */
  models: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      /** The model that answers when none was chosen; it is always available to everyone. */
      isDefault: z.boolean(),
      /** What was changed. */
      stored: modelSettingsOutput,
      /** What the others have. */
      defaults: z.object({
        name: z.string(),
        /** null: no price is known. */
        price: z.object({ inputNanos: z.number(), outputNanos: z.number() }).nullable(),
      }),
    }),
  ),
});
export type ModelsSettingsOutput = z.infer<typeof modelsSettingsOutput>;

export const updateModelsInput = z.object({
  /** Of the settings that the change was made on. */
  version: z.int().min(0),
  /** Models that are left out keep what is stored for them. */
  models: modelsSettingsSchema,
  reason: reasonSchema.optional(),
});
