/**
 * The tools that models can call. They are created for each turn, because each gets the settings
 * that it needs and the ports of that turn. Tools never get the database.
 */
import type { ToolSet } from "ai";
import type { DataChunk } from "../../contracts/message-parts.ts";
import { calculator } from "./calculator.ts";
import { createCurrentTime } from "./current-time.ts";
import { createDocumentTools } from "./documents/document-tools.ts";
import type { DocumentPorts, DrawPicture, WriteText } from "./documents/ports.ts";
import { createWeather, type WeatherSettings } from "./weather.ts";

/** The settings that tools need. */
export interface ToolSettings {
  /** The services that the weather tool calls. */
  readonly weather: WeatherSettings;
}

/** What a tool may do with the answer that calls it. */
export interface AnswerPorts {
  /**
   * Writes a data part into the answer. It is kept before it is shown, like the model's words, and
   * counts towards the answer's length. Nothing happens once the answer has ended.
   */
  readonly emit: (chunk: DataChunk) => void;
  readonly write: WriteText;
  readonly draw: DrawPicture;
}

/** What a tool may do in the turn that calls it: functions bound to the turn, its owner and its chat. */
export interface ToolPorts extends AnswerPorts {
  readonly documents: DocumentPorts;
}

/**
 * Calls of the model in one turn, at most. In the last one it gets no tools, so it must answer in
 * words.
 */
export const maxSteps = 5;

/** Tools by the names that models and messages know them by. */
export type Tools = ToolSet;

interface ToolEntry {
  // The AI SDK's own word for a tool of any kind: its inferred types cannot be named here.
  readonly create: (settings: ToolSettings, ports: ToolPorts) => ToolSet[string];
  /** Needs the reader's approval, because its input is sent to another service. */
  readonly asksFirst?: true;
}

const entries: Readonly<Record<string, ToolEntry>> = {
  calculate: { create: () => calculator },
  getCurrentTime: { create: () => createCurrentTime(() => new Date()) },
  getWeather: {
    create: ({ weather }) => createWeather(weather),
    asksFirst: true,
  },
};

/** The tools for one turn. */
export function createTools(settings: ToolSettings, ports: ToolPorts): Tools {
  const tools = Object.entries(entries).map(([name, { create }]) => [
    name,
    create(settings, ports),
  ]);
  return { ...Object.fromEntries(tools), ...createDocumentTools(ports) };
}

/** The tools that need the reader's approval. */
export const toolApproval: Readonly<Record<string, "user-approval">> = Object.fromEntries(
  Object.entries(entries).flatMap(([name, { asksFirst }]) =>
    asksFirst ? [[name, "user-approval"]] : [],
  ),
);
