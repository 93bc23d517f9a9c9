import { type Tool, tool, zodSchema } from "ai";
import { z } from "zod";
import { ToolFailure } from "./tool-failure.ts";

/**
 * Describes a time in a time zone.
 *
 * @param timeZone IANA name; UTC when left out
 * @throws ToolFailure for an unknown time zone
 */
export function describeTime(now: Date, timeZone = "UTC") {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long", timeZone });
  } catch {
    throw new ToolFailure(`"${timeZone}" isn’t a time zone. Use a name like Europe/Berlin.`);
  }
  return { utc: now.toISOString(), timeZone, local: format.format(now) };
}

// Made once, because the SDK converts it for the model once.
const timeInput = zodSchema(
  z.object({
    timeZone: z
      .string()
      .max(60)
      .optional()
      .describe("IANA name such as Europe/Berlin; UTC when left out"),
  }),
);

/** @param now replaced in tests */
export function createCurrentTime(
  now: () => Date,
): Tool<{ timeZone?: string | undefined }, ReturnType<typeof describeTime>> {
  return tool({
    description: "Tells the current date and time.",
    inputSchema: timeInput,
    execute: ({ timeZone }) => describeTime(now(), timeZone),
  });
}
