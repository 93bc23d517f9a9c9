/** Times of the source. */

/** What the product takes for a time: epoch milliseconds of a `Date`, from 1970 on. */
const timeMax = 8_640_000_000_000_000;

const pattern =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads a time as Postgres writes it.
 *
 * @param zone the IANA name of the zone of times without one
 * @returns epoch microseconds; null for text that is no time, or none that the product can store
 *   (`infinity`, years before 1970)
 */
export function microsOf(text: string | null | undefined, zone: string): number | null {
  const match = pattern.exec(text?.trim() ?? "");
  if (!match) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day that its month does not have would become one of the next.
  if (new Date(local).getUTCDate() !== day) return null;
  const fraction = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const utc = match[8] === undefined ? inZone(local, zone) : local - offsetOf(match[8]);
  const isStorable = Number.isFinite(utc) && utc >= 0 && utc <= timeMax;
  return isStorable ? utc * 1_000 + fraction : null;
}

/** Epoch milliseconds of {@link microsOf}. */
export function timeOf(text: string | null | undefined, zone: string): number | null {
  const micros = microsOf(text, zone);
  return micros === null ? null : toMs(micros);
}

export function toMs(micros: number): number {
  return Math.floor(micros / 1_000);
}

/** Milliseconds of an offset such as `Z`, `+02`, `-0330` or `+05:30`. */
function offsetOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = (text.match(/\d\d/g) ?? []).map(Number);
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return text.startsWith("-") ? -ms : ms;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The time at which clocks of a zone show a local time. Of two in an hour that comes twice, the
 * first; a time that was skipped is moved on by what was skipped.
 *
 * @param local epoch milliseconds, as if the local time were UTC
 */
function inZone(local: number, zone: string): number {
  if (zone === "UTC") return local;
  const before = local - shownIn(local - 24 * 3_600_000, zone);
  const after = local - shownIn(local + 24 * 3_600_000, zone);
  const fits = [before, after].find((time) => time + shownIn(time, zone) === local);
  return fits ?? before;
}

/** How far a zone's clocks are ahead of UTC at a time, in milliseconds. */
function shownIn(time: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", era: "short" },
      ...{ year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const [year, month, day, hour, minute, second] = (
    ["year", "month", "day", "hour", "minute", "second"] as const
  ).map((name) => Number(parts.get(name)));
  const shown = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return shown - Math.floor(time / 1_000) * 1_000;
}
