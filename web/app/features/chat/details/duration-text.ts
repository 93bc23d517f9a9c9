const minuteMs = 60_000;

/** Formats a duration: "0.8 seconds", "12 seconds", "3 min 5 s", "1 h 2 min". */
export function durationText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 9.95) return plural(Number(seconds.toFixed(1)), "second");
  if (ms < minuteMs - 500) return plural(Math.round(seconds), "second");
  const totalSeconds = Math.round(seconds);
  const minutes = Math.floor(totalSeconds / 60);
  if (minutes < 60) return `${minutes} min ${totalSeconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
