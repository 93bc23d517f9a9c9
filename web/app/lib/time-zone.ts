import { readPreference, writePreference } from "./cookies.ts";

const cookieName = "timeZone";

/**
 * The user's time zone on the server: as last reported by the browser, else the platform's guess,
 * else UTC.
 *
 * @param guess IANA name of the zone that the platform derives from the IP address
 */
export function readTimeZone(cookieHeader: string | null, guess: string | undefined): string {
  const told = readPreference(cookieHeader, cookieName);
  return [told, guess].find(isTimeZone) ?? "UTC";
}

/** Reads the browser's time zone and stores it for the server's next page. Browser only. */
export function tellTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (readPreference(document.cookie, cookieName) !== timeZone)
    writePreference(cookieName, timeZone);
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
