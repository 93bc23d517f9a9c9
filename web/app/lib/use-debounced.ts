import { useEffect, useState } from "react";

/** How long a search waits for the next letter, in ms. */
const debounceMs = 150;

/** The value once it has been stable for a moment; an empty value applies at once. */
export function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === "" ? 0 : debounceMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
