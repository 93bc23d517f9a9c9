import { useSyncExternalStore } from "react";

const subscribe = () => () => {};

/** False on the server and while the browser takes over its HTML, and true from then on. */
export function useIsBrowser(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}
