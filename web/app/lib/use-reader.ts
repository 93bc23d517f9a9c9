import { useEffect, useState } from "react";
import type { Reader } from "./date-groups.ts";
import { tellTimeZone } from "./time-zone.ts";

/**
 * The time and time zone for formatting a list: first the server's, to match during hydration, then
 * the browser's. Updated when the page becomes visible, because the day may have changed.
 */
export function useReader(initial: Reader): Reader {
  const [reader, setReader] = useState(initial);
  useEffect(() => {
    const renew = () => setReader({ nowMs: Date.now(), timeZone: tellTimeZone() });
    renew();
    document.addEventListener("visibilitychange", renew);
    return () => document.removeEventListener("visibilitychange", renew);
  }, []);
  return reader;
}
