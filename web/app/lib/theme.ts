import { useSyncExternalStore } from "react";
import { readCookie, writeCookie } from "./cookies.ts";

/** "system" follows the reader's machine, by CSS alone. */
export type Theme = "system" | "light" | "dark";

const cookieName = "theme";
/** `--canvas` of styles/tokens.css, for the browser's own bars. */
export const canvasColors = { light: "#ffffff", dark: "#131618" } as const;

/** What the reader chose, from the `Cookie` header; "system" when there was no choice. */
export function readTheme(cookieHeader: string | null): Theme {
  const value = readCookie(cookieHeader, cookieName);
  return value === "light" || value === "dark" ? value : "system";
}

// One choice for the document. Null until it changes: until then the server's word holds.
let chosen: Theme | null = null;
const listeners = new Set<() => void>();

/** Chooses a theme for this page and all that follow. Browser only. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  writeCookie(cookieName, theme === "system" ? null : theme);
  for (const listener of listeners) listener();
}

/**
 * The theme that holds now.
 *
 * @param initial what the server rendered
 */
export function useTheme(initial: Theme): Theme {
  return useSyncExternalStore(
    subscribe,
    () => chosen ?? initial,
    () => initial,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
