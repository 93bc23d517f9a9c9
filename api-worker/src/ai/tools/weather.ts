/**
 * Weather from Open-Meteo, which needs no key.
 *
 * @see https://open-meteo.com/en/docs and https://open-meteo.com/en/docs/geocoding-api
 */
import { type Tool, tool, zodSchema } from "ai";
import { z } from "zod";
import { ToolFailure } from "./tool-failure.ts";

const timeoutMs = 10_000;

export interface WeatherSettings {
  /** Address of the forecast API, without a slash at the end. */
  readonly forecastUrl: string;
  /** Address of the geocoding API, without a slash at the end. */
  readonly geocodingUrl: string;
  /** Reaches these two servers, and no other. Follows no redirects, and bounds the response. */
  readonly fetch: typeof globalThis.fetch;
}

const placesSchema = z.object({
  results: z
    .array(
      z.object({
        name: z.string(),
        country: z.string().optional(),
        latitude: z.number(),
        longitude: z.number(),
      }),
    )
    .default([]),
});

const forecastSchema = z.object({
  timezone: z.string(),
  current: z.object({
    time: z.string(),
    temperature_2m: z.number(),
    apparent_temperature: z.number(),
    relative_humidity_2m: z.number(),
    weather_code: z.number(),
    wind_speed_10m: z.number(),
  }),
  daily: z.object({
    time: z.array(z.string()),
    weather_code: z.array(z.number()),
    temperature_2m_max: z.array(z.number()),
    temperature_2m_min: z.array(z.number()),
    precipitation_probability_max: z.array(z.number().nullable()),
  }),
});

/** WMO 4677 codes, as Open-Meteo uses them. */
const weatherWords: readonly [from: number, to: number, words: string][] = [
  [0, 0, "clear sky"],
  [1, 1, "mainly clear"],
  [2, 2, "partly cloudy"],
  [3, 3, "overcast"],
  [45, 48, "fog"],
  [51, 57, "drizzle"],
  [61, 67, "rain"],
  [71, 77, "snow"],
  [80, 82, "rain showers"],
  [85, 86, "snow showers"],
  [95, 99, "thunderstorm"],
];

function describeCode(code: number): string {
  return weatherWords.find(([from, to]) => code >= from && code <= to)?.[2] ?? "unknown";
}

/**
 * Finds a place and its weather: now, and for three days.
 *
 * @param signal aborts the requests
 * @throws ToolFailure when the place is unknown or the service cannot be reached
 */
export async function findWeather(
  settings: WeatherSettings,
  place: string,
  signal: AbortSignal | undefined,
) {
  const places = await fetchJson(
    settings,
    `${settings.geocodingUrl}/v1/search?${new URLSearchParams({ name: place, count: "1", language: "en" })}`,
    placesSchema,
    signal,
  );
  const [found] = places.results;
  if (!found) throw new ToolFailure(`No place called "${place}" was found.`);
  const query = new URLSearchParams({
    latitude: String(found.latitude),
    longitude: String(found.longitude),
    current: "temperature_2m,apparent_temperature,relative_humidity_2m,weather_code,wind_speed_10m",
    daily: "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max",
    timezone: "auto",
    forecast_days: "3",
  });
  const forecast = await fetchJson(
    settings,
    `${settings.forecastUrl}/v1/forecast?${query}`,
    forecastSchema,
    signal,
  );
  const { current, daily } = forecast;
  return {
    place: found.country ? `${found.name}, ${found.country}` : found.name,
    timeZone: forecast.timezone,
    current: {
      time: current.time,
      weather: describeCode(current.weather_code),
      celsius: current.temperature_2m,
      feelsLikeCelsius: current.apparent_temperature,
      humidityPercent: current.relative_humidity_2m,
      windKmh: current.wind_speed_10m,
    },
    days: daily.time.map((day, index) => ({
      day,
      weather: describeCode(daily.weather_code[index] ?? -1),
      minCelsius: daily.temperature_2m_min[index] ?? null,
      maxCelsius: daily.temperature_2m_max[index] ?? null,
      rainPercent: daily.precipitation_probability_max[index] ?? null,
    })),
  };
}

export type Weather = Awaited<ReturnType<typeof findWeather>>;

async function fetchJson<Schema extends z.ZodType>(
  settings: WeatherSettings,
  url: string,
  schema: Schema,
  signal: AbortSignal | undefined,
): Promise<z.infer<Schema>> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signals = signal ? [signal, timeout.signal] : [timeout.signal];
    const response = await settings.fetch(url, { signal: AbortSignal.any(signals) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ToolFailure(`The weather service returned an error (${response.status}).`);
    }
    return schema.parse(await response.json());
  } catch (error) {
    if (error instanceof ToolFailure) throw error;
    if (timeout.signal.aborted) throw new ToolFailure("The weather service took too long.");
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      throw new ToolFailure("The weather service sent a response that couldn’t be read.");
    }
    throw new ToolFailure("The weather service can’t be reached.");
  } finally {
    clearTimeout(timer);
  }
}

// Made once, because the SDK converts it for the model once.
const weatherInput = zodSchema(
  z.object({ place: z.string().min(1).max(100).describe("A town, in English: Paris") }),
);

export function createWeather(settings: WeatherSettings): Tool<{ place: string }, Weather> {
  return tool({
    description: "Tells the weather of a place: now, and for today and the next two days.",
    inputSchema: weatherInput,
    execute: ({ place }, { abortSignal }) => findWeather(settings, place, abortSignal),
  });
}
