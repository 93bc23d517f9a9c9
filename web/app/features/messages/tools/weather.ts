/** The weather as the tool tells it. */
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
 * Reads what the tool gave. It is stored with the message, so an older one may look otherwise.
 *
 * @returns null when it is not the weather
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

/** "Today", else the day of the week. @param index of the day; the first one is today */
export function dayName(day: string, index: number): string {
  if (index === 0) return "Today";
  // A day as such has no time zone; at noon UTC it is the same day everywhere it is shown as UTC.
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
