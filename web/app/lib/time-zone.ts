import { readCookie, writeCookie } from "./cookies.ts";

const cookieName = "timeZone";

/**
 * The reader's time zone, as the server can know it: what the browser told it last time, else what the platform guesses
 * from the address, else UTC.
 *
 * @param guess IANA name
 */
export function readTimeZone(cookieHeader: string | null, guess: string | undefined): string {
  const told = readCookie(cookieHeader, cookieName);
  return [told, guess].find(isTimeZone) ?? "UTC";
}

/** The browser's own time zone, which the server gets to know for the next page. Browser only. */
export function tellTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (readCookie(document.cookie, cookieName) !== timeZone) writeCookie(cookieName, timeZone);
  return timeZone;
}

function isTimeZone(value: string | null | undefined): value is string {
  if (!value) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
