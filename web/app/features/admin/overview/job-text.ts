import { durationText } from "../streams/duration-text.ts";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** Formats how long ago something was: "just now", "4 minutes ago", "3 days ago". @param ms in ms */
export function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return relative.format(-minutes, "minute");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return relative.format(-hours, "hour");
  return relative.format(-Math.floor(hours / 24), "day");
}

/** Formats how long a run took: "120 ms", "1.4 s", "3 min 5 s". */
export function tookText(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`;
  return durationText(durationMs);
}

/** Formats an interval: "every 5 minutes", "every hour". */
export function everyText(minutes: number): string {
  if (minutes === 60) return "Every hour";
  return `Every ${minutes} minutes`;
}
