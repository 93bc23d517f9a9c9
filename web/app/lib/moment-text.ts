/**
 * Formats a time in the near future: "at 1:00 AM", "tomorrow at 1:00 AM", or with the date when it
 * is further away.
 *
 * @param atMs epoch milliseconds
 * @param nowMs epoch milliseconds
 * @param timeZone IANA name; the browser's own when left out
 */
export function momentText(atMs: number, nowMs: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat("en", { timeStyle: "short", ...zone }).format(atMs);
  const dateFormat = new Intl.DateTimeFormat("en", { dateStyle: "medium", ...zone });
  const date = dateFormat.format(atMs);
  if (date === dateFormat.format(nowMs)) return `at ${time}`;
  const dayMs = 86_400_000;
  return date === dateFormat.format(nowMs + dayMs)
    ? `tomorrow at ${time}`
    : `on ${date} at ${time}`;
}
