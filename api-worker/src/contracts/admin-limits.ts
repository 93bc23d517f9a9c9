/**
 * The limits of users that administrators change while the product runs: for everyone with a role, or
 * for one user. One schema: it checks what is entered, and makes the form.
 */
import { z } from "zod";
import { reasonSchema } from "./admin-audit.ts";
import { costLimitSchema } from "./money.ts";

export const limitRoles = ["guest", "user", "admin"] as const;
export type LimitRole = (typeof limitRoles)[number];

const wholeNumber = "Enter a whole number from 1.";
const count = z
  .int(wholeNumber)
  .min(1, wholeNumber)
  .max(1_000_000_000_000, "Enter at most 1,000,000,000,000.")
  .nullable();
const megabytes = "Enter a number of megabytes above 0.";
const bytes = z
  .int(megabytes)
  .min(1, megabytes)
  .max(1_000_000_000_000_000, "Enter at most 900,000,000 megabytes.")
  .nullable();
const cost = costLimitSchema.nullable();

/** null: no limit. */
const limitSchemas = {
  messagesPerDay: count,
  tokensPerDay: count,
  costPerDayNanos: cost,
  costPerMonthNanos: cost,
  storageMaxBytes: bytes,
  storageMaxMessages: count,
};

export type EditedLimitName = keyof typeof limitSchemas;
export const editedLimitNames = Object.keys(limitSchemas) as EditedLimitName[];

/** What the form says of a limit, and the unit in which it is entered. */
interface LimitText {
  readonly title: string;
  readonly description: string;
  readonly unit: "count" | "dollars" | "megabytes";
}

export const limitTexts: Readonly<Record<EditedLimitName, LimitText>> = {
  messagesPerDay: {
    title: "Messages per day",
    description: "Each answer that begins counts, also one that is continued or made again.",
    unit: "count",
  },
  tokensPerDay: {
    title: "Tokens per day",
    description: "Input and output of the answers that have ended.",
    unit: "count",
  },
  costPerDayNanos: {
    title: "Dollars per day",
    description: "What answers may cost. An answer in progress counts by an estimate.",
    unit: "dollars",
  },
  costPerMonthNanos: {
    title: "Dollars per month",
    description: "The same for a calendar month (UTC).",
    unit: "dollars",
  },
  storageMaxBytes: {
    title: "Storage",
    description: "In megabytes: text, files and open streams.",
    unit: "megabytes",
  },
  storageMaxMessages: {
    title: "Stored messages",
    description: "In all chats together.",
    unit: "count",
  },
};

/** null: no limit. A limit that is left out is not set. */
const setLimits = z.object(limitSchemas).partial();

const allLimits = z.object({
  messagesPerDay: z.number().nullable(),
  tokensPerDay: z.number().nullable(),
  costPerDayNanos: z.number().nullable(),
  costPerMonthNanos: z.number().nullable(),
  storageMaxBytes: z.number().nullable(),
  storageMaxMessages: z.number().nullable(),
} satisfies Record<EditedLimitName, z.ZodType>);

const limitsOutput = z.object({
  /** What is set for the role or the user. */
  stored: allLimits.partial(),
  /** What applies where nothing is set. */
  defaults: allLimits,
});
export type LimitsOutput = z.infer<typeof limitsOutput>;

export const roleLimitsOutput = z.object({
  roles: z.array(limitsOutput.extend({ role: z.enum(limitRoles) })),
});
export type RoleLimitsOutput = z.infer<typeof roleLimitsOutput>;

export const userLimitsInput = z.object({ userId: z.uuid() });
export const userLimitsOutput = limitsOutput;

/** What a change does: other limits stay as they are. */
const changeInput = z.object({
  set: setLimits,
  /** Takes these out, so that they have their defaults again. */
  reset: z.array(z.enum(editedLimitNames)).max(editedLimitNames.length).default([]),
  reason: reasonSchema.optional(),
});

export const updateRoleLimitsInput = changeInput.extend({ role: z.enum(limitRoles) });
export const updateUserLimitsInput = changeInput.extend({ userId: z.uuid() });
export type LimitsChange = z.output<typeof changeInput>;
