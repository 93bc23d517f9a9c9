/** The tools that models can call. Each gets what it needs as settings, never the database. */
import type { ToolSet } from "ai";
import { calculator } from "./calculator.ts";
import { createCurrentTime } from "./current-time.ts";
import { createWeather } from "./weather.ts";

/** The settings that tools need. */
export interface ToolSettings {
  /** Where the weather tool asks. */
  readonly weather: { readonly forecastUrl: string; readonly geocodingUrl: string };
}

/** A turn calls its model this often at most; the last time it has to answer in words. */
export const maxSteps = 5;

export type ToolName = "calculate" | "getCurrentTime" | "getWeather";
// The AI SDK's own word for a tool of any kind: its inferred types cannot be named here.
export type Tools = Record<ToolName, ToolSet[string]>;

/** The tools by the names that models and messages know them by. */
export function createTools({ weather }: ToolSettings): Tools {
  return {
    calculate: calculator,
    getCurrentTime: createCurrentTime(() => new Date()),
    getWeather: createWeather(weather),
  };
}

/** The tools that ask the reader first: what they send leaves the site. */
export const toolApproval = { getWeather: "user-approval" } as const satisfies Partial<
  Record<ToolName, "user-approval">
>;
