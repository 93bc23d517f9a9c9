import {
  Cloud,
  CloudDrizzle,
  CloudFog,
  CloudLightning,
  CloudRain,
  CloudSun,
  Droplets,
  Snowflake,
  Sun,
  Wind,
} from "lucide-react";
import { dayName, degrees, type Weather } from "./weather.ts";

const pictures: readonly [words: RegExp, picture: typeof Sun][] = [
  [/thunder/, CloudLightning],
  [/snow/, Snowflake],
  [/drizzle/, CloudDrizzle],
  [/rain/, CloudRain],
  [/fog/, CloudFog],
  [/partly|mainly/, CloudSun],
  [/clear/, Sun],
];

function Picture({ weather, className }: { weather: string; className: string }) {
  const Found = pictures.find(([words]) => words.test(weather))?.[1] ?? Cloud;
  return <Found aria-hidden strokeWidth={1.5} className={className} />;
}

/** The weather of a place: now, and the next days. */
export function WeatherCard({ weather: { place, current, days } }: { weather: Weather }) {
  return (
    <section
      aria-label={`Weather in ${place}`}
      className="mb-2 max-w-md overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <div className="flex items-center gap-4 p-4">
        <Picture weather={current.weather} className="size-12 shrink-0 text-accent" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={place}>
            {place}
          </p>
          <p className="text-sm text-muted first-letter:uppercase">{current.weather}</p>
        </div>
        <p className="text-4xl font-light tracking-tight tabular-nums">
          {degrees(current.celsius)}
          <span className="sr-only"> Celsius</span>
        </p>
      </div>
      <dl className="flex flex-wrap gap-x-5 gap-y-1 px-4 pb-3.5 text-sm text-muted [&>div]:flex [&>div]:items-center [&>div]:gap-1.5">
        <div>
          <dt>Feels like</dt>
          <dd className="text-ink tabular-nums">{degrees(current.feelsLikeCelsius)}</dd>
        </div>
        <div>
          <dt>
            <Wind aria-hidden className="size-4" />
            <span className="sr-only">Wind</span>
          </dt>
          <dd className="text-ink tabular-nums">{Math.round(current.windKmh)} km/h</dd>
        </div>
        <div>
          <dt>
            <Droplets aria-hidden className="size-4" />
            <span className="sr-only">Humidity</span>
          </dt>
          <dd className="text-ink tabular-nums">{Math.round(current.humidityPercent)} %</dd>
        </div>
      </dl>
      <ul className="grid grid-cols-3 border-t border-line text-center text-sm">
        {days.slice(0, 3).map((day, index) => (
          <li key={day.day} className="flex flex-col items-center gap-1 px-2 py-3">
            <span className="text-muted">{dayName(day.day, index)}</span>
            <Picture weather={day.weather} className="size-5" />
            <span className="sr-only">{day.weather},</span>
            <span className="tabular-nums">
              {degrees(day.maxCelsius)}{" "}
              <span className="text-muted">{degrees(day.minCelsius)}</span>
            </span>
            {day.rainPercent !== null && (
              <span className="text-xs text-muted tabular-nums">{day.rainPercent} % rain</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
