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
  const weather = output as Partial<Weather> | null | undefined;
  const isWeather =
    typeof weather?.place === "string" &&
    typeof weather.current?.celsius === "number" &&
    typeof weather.current.weather === "string" &&
    Array.isArray(weather.days);
  return isWeather ? (weather as Weather) : null;
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
