/** Formats days and numbers. Always in English, so that server and browser produce the same. */
import { moneyText, shortMoneyText } from "../../lib/money-text.ts";

const notations = {
  standard: new Intl.NumberFormat("en"),
  compact: new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }),
};

export function numberText(value: number, notation: keyof typeof notations = "standard"): string {
  return notations[notation].format(value);
}

/** How a chart and its table say their numbers. */
export interface NumberFormat {
  /** With what it counts: "1,234 tokens". */
  readonly inSentence: (value: number) => string;
  readonly inTable: (value: number) => string;
  /** Short, for an axis: "1.2K". */
  readonly onAxis: (value: number) => string;
}

/** Formats counts. @param unit what they count, in the plural */
export function countFormat(unit: string): NumberFormat {
  return {
    inSentence: (value) => `${numberText(value)} ${unit}`,
    inTable: (value) => numberText(value),
    onAxis: (value) => numberText(value, "compact"),
  };
}

/** Formats amounts of nano-dollars. */
export const moneyFormat: NumberFormat = {
  inSentence: moneyText,
  inTable: moneyText,
  onAxis: shortMoneyText,
};

const dayFormats = {
  long: new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }),
  short: new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" }),
};

/**
 * Formats a day.
 *
 * @param day YYYY-MM-DD, a UTC day whatever the viewer's time zone
 */
export function dayText(day: string, length: keyof typeof dayFormats = "long"): string {
  return dayFormats[length].format(Date.parse(day));
}
