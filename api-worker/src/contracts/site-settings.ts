/**
 * The settings that administrators change while the product runs. One schema: it checks what is
 * entered and what is stored, and makes the form. A setting that is left out has the default that
 * `wrangler.toml` gives.
 */
import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";
import { canonicalDomain } from "./email-address.ts";
import { modelsSettingsSchema } from "./model-settings.ts";
import { costLimitSchema } from "./money.ts";

export const signUpModes = ["open", "domains", "invite", "off"] as const;
export type SignUpMode = (typeof signUpModes)[number];

/** The domain of email addresses, in the form that addresses are stored in. */
const domainSchema = z
  .string()
  .max(300)
  .transform((text, ctx) => {
    const domain = canonicalDomain(text.trim().replace(/^@/, ""));
    if (domain !== null) return domain;
    ctx.addIssue("Enter domains like example.com.");
    return z.NEVER;
  });

const wholeNumber = "Enter a whole number from 1.";

/** What the form says of a setting. */
interface SettingText {
  readonly title: string;
  readonly description: string;
}

/** The words of the form, by the schemas below. */
const texts = z.registry<SettingText>();

const settingSchemas = {
  signUp: z.enum(signUpModes).register(texts, {
    title: "Who can sign up",
    description: "Accounts that exist can log in either way.",
  }),
  signUpDomains: z
    .array(domainSchema)
    .max(50, "Enter at most 50 domains.")
    .transform((domains) => [...new Set(domains)])
    .register(texts, {
      title: "Email domains",
      description:
        "Separated by commas. Used when sign-up is for email domains. No mail is sent, so an address is not proven.",
    }),
  guests: z.boolean().register(texts, {
    title: "Guests",
    description: "Whether visitors can chat without an account.",
  }),
  tokensPerDay: z
    .int(wholeNumber)
    .min(1, wholeNumber)
    .max(1_000_000_000_000, "Enter at most 1,000,000,000,000.")
    .nullable()
    .register(texts, {
      title: "Tokens per day",
      description:
        "For all users together, input and output. When they are used up, no answer begins before midnight (UTC).",
    }),
};

export type SettingName = keyof typeof settingSchemas;
export const settingNames = Object.keys(settingSchemas) as SettingName[];

/** What the form says of a setting. */
export function settingText(name: SettingName): SettingText {
  const text = texts.get(settingSchemas[name]);
  if (!text) throw new Error(`The setting ${name} has no words for the form.`);
  return text;
}

/** What the form says of the limit of the site in money. */
export const costPerDayText: SettingText = {
  title: "Dollars per day",
  description:
    "What the answers of all users together may cost. When it is used up, no answer that costs something begins before midnight (UTC).",
};

export const siteSettingsSchema = z.object(settingSchemas).partial();

/** Everything that is stored: these settings, and those with a form of their own. */
export const storedSettingsSchema = siteSettingsSchema.extend({
  costPerDayNanos: costLimitSchema.nullable().optional(),
  models: modelsSettingsSchema.optional(),
});

/** The settings that were changed. */
export interface StoredSettings extends Readonly<z.output<typeof storedSettingsSchema>> {
  /** What is stored for models cannot be read. All of them but the default one are off then. */
  readonly hasUnreadableModels?: true;
}

const allSettings = z.object({
  signUp: z.enum(signUpModes),
  signUpDomains: z.array(z.string()),
  guests: z.boolean(),
  tokensPerDay: z.number().nullable(),
} satisfies Record<SettingName, z.ZodType>);

export const siteSettingsOutput = z.object({
  /** Counts the changes; 0 before the first. */
  version: z.number(),
  /** null before the first change. */
  updatedAt: z.number().nullable(),
  /** What was changed. */
  stored: allSettings.partial(),
  /** What the others have, and what a setting that is taken out gets. */
  defaults: allSettings,
  /** What the answers of all users may cost in a day, in nano-dollars; null for no limit. */
  costPerDayNanos: z.number().nullable(),
});
export type SiteSettingsOutput = z.infer<typeof siteSettingsOutput>;

export const updateSettingsInput = z.object({
  /** Of the settings that the change was made on. */
  version: z.int().min(0),
  /** All settings that differ from the defaults. */
  settings: siteSettingsSchema,
  /** null for no limit. Stays as it is when left out, as older pages do. */
  costPerDayNanos: costLimitSchema.nullable().optional(),
  reason: reasonSchema.optional(),
});
