import type { Reader } from "./date-groups.ts";

/** Formats a day: "Nov 29, 2026". @param at epoch milliseconds */
export function dateText(at: number, { timeZone }: Reader): string {
  return new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone }).format(at);
}

/** Formats a moment, to the second: "Nov 29, 2026, 4:05:06 PM". @param at epoch milliseconds */
export function timeText(at: number, { timeZone }: Reader): string {
  const format = { dateStyle: "medium", timeStyle: "medium", timeZone } as const;
  return new Intl.DateTimeFormat("en", format).format(at);
}

/** Formats a moment, to the minute: "Nov 29, 2026, 4:05 PM". @param at epoch milliseconds */
export function minuteText(at: number, { timeZone }: Reader): string {
  const format = { dateStyle: "medium", timeStyle: "short", timeZone } as const;
  return new Intl.DateTimeFormat("en", format).format(at);
}
