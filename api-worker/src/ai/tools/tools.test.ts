import { afterEach, expect, test, vi } from "vitest";
import { servicesOf } from "../../platform/outbound.ts";
import { calculate } from "./calculator.ts";
import { describeTime } from "./current-time.ts";
import { ToolFailure } from "./tool-failure.ts";
import { findWeather } from "./weather.ts";

test.each([
  ["2 + 2 * 3", 8],
  ["2 * (3 + 4)^2", 98],
  ["0.1 + 0.2", 0.3],
  ["10 % 4", 2],
  ["5!", 120],
  ["-2^2", -4],
  ["sqrt(16) + log(e) + max(1, 3, 2)", 8],
  ["sin(pi / 2)", 1],
])("%s is %d", (expression, result) => {
  expect(calculate(expression)).toBe(result);
});

test.each([
  ["2 +", /can’t be calculated/],
  ["1 / 0", /finite/],
  ["x + 1", /“\w+” isn’t a number or function/],
  ["f(x) = f(x) + f(x); f(1)", /can’t be calculated/],
  ["a = 3", /can’t be calculated/],
  ["1:1000000000", /can’t be calculated/],
  ["fold(max, 0, x)", /“\w+” isn’t a number or function/],
  ["random()", /“\w+” isn’t a number or function/],
  ['import("fs")', /“\w+” isn’t a number or function/],
  ["constructor", /can’t be calculated/],
  ["__proto__", /can’t be calculated/],
  ["(1).constructor", /can’t be calculated/],
  ["[1, 2]", /can’t be calculated/],
  ["1 > 0", /can’t be calculated/],
  ['"text"', /finite/],
])("%s is refused", (expression, reason) => {
  expect(() => calculate(expression)).toThrow(ToolFailure);
  expect(() => calculate(expression)).toThrow(reason);
});

test("the time is told in a time zone, and in UTC without one", () => {
  const now = new Date("2026-07-01T12:00:00Z");
  expect(describeTime(now, "Asia/Tokyo")).toMatchObject({
    utc: "2026-07-01T12:00:00.000Z",
    local: expect.stringContaining("21:00:00"),
  });
  expect(describeTime(now).local).toContain("12:00:00");
  expect(() => describeTime(now, "Mars/Olympus")).toThrow(/isn’t a time zone/);
});

const { weather: settings } = servicesOf({
  WEATHER_API_URL: "http://forecast",
  WEATHER_GEOCODING_URL: "http://places",
});

/** Answers the service's requests and records them. */
function serve(answers: Record<string, () => Response | Promise<Response>>) {
  const asked: URL[] = [];
  vi.stubGlobal("fetch", async (url: string, { signal }: RequestInit) => {
    signal?.throwIfAborted();
    const address = new URL(url);
    asked.push(address);
    const answer = answers[address.host];
    if (!answer) throw new TypeError("Network connection lost.");
    return answer();
  });
  return asked;
}

const places = () =>
  Response.json({
    results: [{ name: "Oslo", country: "Norway", latitude: 59.9, longitude: 10.7 }],
  });
const forecast = () =>
  Response.json({
    timezone: "Europe/Oslo",
    current: {
      time: "2026-07-01T12:00",
      temperature_2m: 18.2,
      apparent_temperature: 17,
      relative_humidity_2m: 60,
      weather_code: 61,
      wind_speed_10m: 12,
    },
    daily: {
      time: ["2026-07-01"],
      weather_code: [3],
      temperature_2m_max: [19],
      temperature_2m_min: [11],
      precipitation_probability_max: [null],
    },
  });

afterEach(() => vi.unstubAllGlobals());

test("the weather of a place is found by its name", async () => {
  const asked = serve({ places, forecast });
  expect(await findWeather(settings, "Oslo & more", undefined)).toMatchObject({
    place: "Oslo, Norway",
    current: { weather: "rain", celsius: 18.2 },
    days: [{ day: "2026-07-01", weather: "overcast", rainPercent: null }],
  });
  expect(asked[0]?.searchParams.get("name")).toBe("Oslo & more");
  expect(asked[1]?.searchParams.get("latitude")).toBe("59.9");
});

test.each([
  ["a place that is none", { places: () => Response.json({}) }, /No place called "Oslo"/],
  ["an error", { places, forecast: () => new Response(null, { status: 503 }) }, /error \(503\)/],
  ["rubbish", { places, forecast: () => new Response("<html>") }, /couldn’t be read/],
  ["another shape", { places: () => Response.json({ results: 1 }) }, /couldn’t be read/],
  ["no answer", {}, /can’t be reached/],
])("%s from the weather service is told in words", async (_, answers, reason) => {
  serve(answers as Parameters<typeof serve>[0]);
  await expect(findWeather(settings, "Oslo", undefined)).rejects.toThrow(reason);
});
