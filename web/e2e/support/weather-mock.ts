import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts a mock of Open-Meteo on a free port. It knows one place. */
export async function startWeatherMock(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const isPlace = pathname === "/v1/search";
    const isKnown = /^paris$/i.test(searchParams.get("name") ?? "");
    const answer = isPlace ? { results: isKnown ? [paris] : [] } : forecast;
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const paris = { name: "Paris", country: "France", latitude: 48.85, longitude: 2.35 };

const forecast = {
  timezone: "Europe/Paris",
  current: {
    time: "2026-07-01T12:00",
    temperature_2m: 18.2,
    apparent_temperature: 16.8,
    relative_humidity_2m: 60,
    weather_code: 2,
    wind_speed_10m: 12,
  },
  daily: {
    time: ["2026-07-01", "2026-07-02", "2026-07-03"],
    weather_code: [3, 61, 0],
    temperature_2m_max: [19, 16, 24],
    temperature_2m_min: [11, -2, 13],
    precipitation_probability_max: [10, 80, null],
  },
};
