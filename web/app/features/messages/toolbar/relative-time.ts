const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * "just now", "5 min ago", "3 h ago", "4 d ago", and the date for older times. Both times are epoch
 * milliseconds.
 */
export function relativeTime(atMs: number, nowMs: number): string {
  const agoMs = nowMs - atMs;
  if (agoMs < minuteMs) return "just now";
  if (agoMs < hourMs) return `${Math.floor(agoMs / minuteMs)} min ago`;
  if (agoMs < dayMs) return `${Math.floor(agoMs / hourMs)} h ago`;
  if (agoMs < 7 * dayMs) return `${Math.floor(agoMs / dayMs)} d ago`;
  return new Date(atMs).toLocaleDateString("en", { dateStyle: "medium" });
}
