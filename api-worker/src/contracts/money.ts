/**
 * Amounts of money: whole nano-dollars, billionths of a US dollar. A token costs a whole number of them
 * (`model-settings.ts`), so sums of costs are exact, up to nine million dollars.
 */
import { z } from "zod";
import { nanosPerDollar } from "./nano-dollars.ts";

const amountForm = "Enter an amount in dollars above 0, like 2.50.";

/** What something may cost at most. */
export const costLimitSchema = z
  .int(amountForm)
  .min(1, amountForm)
  .max(1_000_000 * nanosPerDollar, "Enter at most 1,000,000 dollars.");
