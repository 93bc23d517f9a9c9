import { readPreference } from "../../../lib/cookies.ts";

/** The panel's share of the width until the reader chooses another, in percent. */
export const defaultShare = 40;
/** The name of the cookie with the chosen share. The server renders the panel with it. */
export const shareCookie = "panel-share";

/** Reads the panel's share of the width, in percent, from the `Cookie` header. */
export function readPanelShare(cookieHeader: string | null): number {
  const share = Number(readPreference(cookieHeader, shareCookie) || Number.NaN);
  return share > 0 && share < 100 ? share : defaultShare;
}
