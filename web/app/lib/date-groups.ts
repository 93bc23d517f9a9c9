/**
 * The time and time zone for formatting a list. Server and browser must use the same during
 * hydration.
 */
export interface Reader {
  /** Epoch ms. */
  readonly nowMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface DateGroup<T> {
  readonly label: string;
  readonly items: readonly T[];
}

const dayMs = 86_400_000;

/**
 * Splits a list into "Today", "Yesterday", "Previous 7 days", "Previous 30 days" and months, by
 * calendar days of a time zone. Keeps the order; a group takes the position of its first item.
 *
 * @param items most recently changed first
 */
export function groupByDate<T extends { readonly updatedAt: number }>(
  items: readonly T[],
  { nowMs, timeZone }: Reader,
): DateGroup<T>[] {
  const toDay = dayCounter(timeZone);
  const today = toDay(nowMs);
  const monthFormat = new Intl.DateTimeFormat("en", { timeZone, month: "long", year: "numeric" });
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const label = recentLabel(today - toDay(item.updatedAt)) ?? monthFormat.format(item.updatedAt);
    const group = groups.get(label);
    if (group) group.push(item);
    else groups.set(label, [item]);
  }
  return Array.from(groups, ([label, group]) => ({ label, items: group }));
}

/** A day in the future counts as today, because clocks differ. */
function recentLabel(daysAgo: number): string | null {
  if (daysAgo <= 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  if (daysAgo <= 7) return "Previous 7 days";
  return daysAgo <= 30 ? "Previous 30 days" : null;
}

/** Numbers the calendar days of a time zone, so that they can be subtracted: a day may have 23 or 25 hours. */
function dayCounter(timeZone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  });
  return (timeMs) => {
    const parts = { year: 0, month: 0, day: 0 };
    for (const { type, value } of format.formatToParts(timeMs)) {
      if (type in parts) parts[type as keyof typeof parts] = Number(value);
    }
    return Date.UTC(parts.year, parts.month - 1, parts.day) / dayMs;
  };
}
