const dayMs = 24 * 60 * 60 * 1000;

/** @returns the UTC day of a time in epoch milliseconds, as YYYY-MM-DD */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** @returns when the UTC day of `time` ends, epoch milliseconds */
export function endOfUtcDay(time: number): number {
  return (Math.floor(time / dayMs) + 1) * dayMs;
}

/** @returns the UTC day that is so many days before that of `time` */
export function utcDayBefore(time: number, days: number): string {
  return utcDay(time - days * dayMs);
}
