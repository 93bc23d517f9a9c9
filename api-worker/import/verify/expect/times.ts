/** Times as Postgres writes them, to epoch microseconds. */

const pattern =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d){0,2})?$/i;

/**
 * Reads a time.
 *
 * @param zone the IANA name of the zone of times without one
 * @returns null for `infinity`, a year before 1970 and anything else that the product cannot store
 */
export function readMicros(text: string | null | undefined, zone: string): number | null {
  const match = pattern.exec((text ?? "").trim());
  if (!match) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset] = match;
  const shown = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (new Date(shown).getUTCDate() !== Number(day)) return null;
  const ms = offset === undefined ? fromZone(shown, zone) : shown - offsetMs(offset);
  if (!(ms >= 0 && ms <= 8_640_000_000_000_000)) return null;
  return ms * 1_000 + Number(fraction.slice(1, 7).padEnd(6, "0"));
}

/** The same in milliseconds, rounded down. */
export function readMs(text: string | null | undefined, zone: string): number | null {
  const micros = readMicros(text, zone);
  return micros === null ? null : toMs(micros);
}

export function toMs(micros: number): number {
  return Math.floor(micros / 1_000);
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === "Z") return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (offset.match(/\d\d/g) ?? []).map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds) * 1_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * The first moment at which clocks of the zone show this time. A time that was skipped counts on
 * with the offset before the gap.
 */
function fromZone(shown: number, zone: string): number {
  if (zone === "UTC") return shown;
  const day = 86_400_000;
  const offsets = [aheadAt(shown - day, zone), aheadAt(shown + day, zone)];
  const moments = offsets.map((ahead) => shown - ahead);
  const real = moments.filter((moment) => moment + aheadAt(moment, zone) === shown);
  return real.length > 0 ? Math.min(...real) : (moments[0] ?? shown);
}

/** How far clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function aheadAt(moment: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    clocks.set(zone, clock);
  }
  const shown = Date.parse(`${clock.format(moment).replace(" ", "T")}Z`);
  return shown - Math.floor(moment / 1_000) * 1_000;
}
