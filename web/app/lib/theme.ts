import { readCookie, writeCookie } from "./cookies.ts";
import { Store, useStore } from "./store.ts";

/** "system" follows the operating system, by CSS alone. */
export type Theme = "system" | "light" | "dark";

const cookieName = "theme";
/** `--canvas` of styles/tokens.css, for the browser's own bars. */
export const canvasColors = { light: "#ffffff", dark: "#131618" } as const;

/** The chosen theme in a `Cookie` header; "system" when none was chosen. */
export function readTheme(cookieHeader: string | null): Theme {
  const value = readCookie(cookieHeader, cookieName);
  return value === "light" || value === "dark" ? value : "system";
}

// The choice in this document. null until it changes; until then the server's value counts.
const chosen = new Store<Theme | null>(null);

/** Chooses a theme for this page and all that follow. Browser only. */
export function setTheme(theme: Theme): void {
  writeCookie(cookieName, theme === "system" ? null : theme);
  chosen.set(theme);
}

/**
 * The current theme.
 *
 * @param initial the server's value
 */
export function useTheme(initial: Theme): Theme {
  return useStore(chosen, (theme) => theme ?? initial, initial);
}
