import { useEffect, useState } from "react";
import type { Reader } from "./date-groups.ts";
import { tellTimeZone } from "./time-zone.ts";

/**
 * Where and when the list is read: first what the server assumed, so that its HTML holds; then the truth, renewed
 * whenever the page comes back to the front, since days end.
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
