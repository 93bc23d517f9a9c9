/** Formats days and numbers. Always in English, so that server and browser produce the same. */

const notations = {
  standard: new Intl.NumberFormat("en"),
  compact: new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }),
};

export function numberText(value: number, notation: keyof typeof notations = "standard"): string {
  return notations[notation].format(value);
}

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
