const dayMs = 24 * 60 * 60 * 1000;

/** @returns the UTC day of a time in epoch milliseconds, as YYYY-MM-DD */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** @returns when the UTC day of `time` ends, epoch milliseconds */
export function endOfUtcDay(time: number): number {
  return (Math.floor(time / dayMs) + 1) * dayMs;
}

/** @returns the first day of the UTC month of `time`, as YYYY-MM-DD */
export function startOfUtcMonth(time: number): string {
  return `${utcDay(time).slice(0, 7)}-01`;
}

/** @returns when the UTC month of `time` ends, epoch milliseconds */
export function endOfUtcMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** @returns the UTC day that is so many days before that of `time` */
export function utcDayBefore(time: number, days: number): string {
  return utcDay(time - days * dayMs);
}
