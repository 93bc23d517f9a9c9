/** The output of the weather tool. */
export interface Weather {
  readonly place: string;
  readonly timeZone: string;
  readonly current: {
    readonly time: string;
    readonly weather: string;
    readonly celsius: number;
    readonly feelsLikeCelsius: number;
    readonly humidityPercent: number;
    readonly windKmh: number;
  };
  readonly days: readonly {
    /** YYYY-MM-DD, in the place's time zone. */
    readonly day: string;
    readonly weather: string;
    readonly minCelsius: number | null;
    readonly maxCelsius: number | null;
    readonly rainPercent: number | null;
  }[];
}

/**
 * Parses the tool's output. It is stored with the message, so an old one may have another form.
 *
 * @returns null when it is not a weather report
 */
export function readWeather(output: unknown): Weather | null {
  if (!isRecord(output)) return null;
  const { place, timeZone, current, days } = output;
  const isWeather =
    typeof place === "string" &&
    typeof timeZone === "string" &&
    hasFields(
      current,
      ["time", "weather"],
      ["celsius", "feelsLikeCelsius", "humidityPercent", "windKmh"],
    ) &&
    Array.isArray(days) &&
    days.every(isDay);
  return isWeather ? (output as unknown as Weather) : null;
}

function isDay(day: unknown): boolean {
  const isNumberOrNull = (value: unknown) => value === null || typeof value === "number";
  return (
    isRecord(day) &&
    hasFields(day, ["day", "weather"], []) &&
    [day.minCelsius, day.maxCelsius, day.rainPercent].every(isNumberOrNull)
  );
}

function hasFields(value: unknown, texts: readonly string[], numbers: readonly string[]): boolean {
  return (
    isRecord(value) &&
    texts.every((name) => typeof value[name] === "string") &&
    numbers.every((name) => typeof value[name] === "number")
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/**
 * "Today", or the day of the week.
 *
 * @param index of the day, 0 for today
 */
export function dayName(day: string, index: number): string {
  if (index === 0) return "Today";
  // A date has no time zone. At noon UTC it is the same date when it is formatted as UTC.
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return date.toLocaleDateString("en", { weekday: "short", timeZone: "UTC" });
}

/** "18°", with a true minus. */
export function degrees(celsius: number | null): string {
  if (celsius === null) return "–";
  const rounded = Math.round(celsius);
  return `${rounded < 0 ? "−" : ""}${Math.abs(rounded)}°`;
}
