import { useEffect, useState } from "react";
import { relativeTime } from "./relative-time.ts";

/** How often "5 min ago" is updated, in ms. */
const renewEveryMs = 30_000;

/**
 * When a message was written: relative, with the exact time on hover and for screen readers. Empty
 * in the server's HTML, because the server knows neither the reader's clock nor, for certain, the
 * time zone.
 */
export function MessageTime({ atMs }: { atMs: number | undefined }) {
  const [nowMs, setNowMs] = useState<number>();
  useEffect(() => {
    const renew = () => setNowMs(Date.now());
    renew();
    const timer = setInterval(renew, renewEveryMs);
    return () => clearInterval(timer);
  }, []);
  if (nowMs === undefined || !atMs) return null;
  const date = new Date(atMs);
  const absolute = date.toLocaleString("en", { dateStyle: "long", timeStyle: "short" });
  return (
    <time
      dateTime={date.toISOString()}
      title={absolute}
      className="self-center px-1.5 text-xs whitespace-nowrap text-muted"
    >
      <span aria-hidden>{relativeTime(atMs, nowMs)}</span>
      <span className="sr-only">{absolute}</span>
    </time>
  );
}
