import { readPreference, writePreference } from "./cookies.ts";
import { Store, useStore } from "./store.ts";

/** "system" follows the operating system, through CSS alone. */
export type Theme = "system" | "light" | "dark";

const cookieName = "theme";
/** `--canvas` of styles/tokens.css, for the colour of the browser's own bars. */
export const canvasColors = { light: "#ffffff", dark: "#131618" } as const;

/** The chosen theme in a `Cookie` header; "system" when none was chosen. */
export function readTheme(cookieHeader: string | null): Theme {
  const value = readPreference(cookieHeader, cookieName);
  return value === "light" || value === "dark" ? value : "system";
}

// The choice made in this document; null, meaning the server's value, until it changes.
const chosen = new Store<Theme | null>(null);

/** Sets the theme of this page and all later ones. Browser only. */
export function setTheme(theme: Theme): void {
  writePreference(cookieName, theme === "system" ? null : theme);
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
