import { getToolName, isToolUIPart } from "ai";
import type { ChatMessage } from "../message.ts";

/** A tool call in an answer, as shown to the reader. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly state: "running" | "waiting" | "denied" | "failed" | "done";
  readonly input: unknown;
  readonly output: unknown;
  readonly errorText: string | undefined;
  /** The id that an approval refers to, while the call waits for one. */
  readonly approvalId: string | null;
}

type Part = ChatMessage["parts"][number];

/**
 * Reads a tool call from a part of an answer.
 *
 * @param isLive whether the answer is still being written; a call still open when the answer ends
 *   stays unfinished
 * @returns null for a part of another kind
 */
export function toolCallOf(part: Part, isLive: boolean): ToolCall | null {
  if (!isToolUIPart(part)) return null;
  const { state, input, toolCallId: id } = part;
  const call = { id, name: getToolName(part), input, output: undefined, errorText: undefined };
  switch (state) {
    case "approval-requested":
      return { ...call, state: "waiting", approvalId: part.approval.id };
    case "output-available":
      return { ...call, state: "done", output: part.output, approvalId: null };
    case "output-denied":
      return { ...call, state: "denied", approvalId: null };
    case "output-error":
      return { ...call, state: "failed", errorText: part.errorText, approvalId: null };
    case "approval-responded":
      if (!part.approval.approved) return { ...call, state: "denied", approvalId: null };
  }
  return { ...call, state: isLive ? "running" : "failed", approvalId: null };
}

/** A label for a tool call: "Weather in Paris". */
export function toolLabel({ name, input }: Pick<ToolCall, "name" | "input">): string {
  // Calls of chats that were moved here have a city.
  if (name === "getWeather") {
    return `Weather in ${textOf(input, "place") ?? textOf(input, "city") ?? "…"}`;
  }
  if (name === "calculate") return `Calculation: ${textOf(input, "expression") ?? "…"}`;
  if (name === "getCurrentTime") {
    const timeZone = textOf(input, "timeZone");
    return timeZone ? `Time in ${timeZone.split("/").at(-1)?.replaceAll("_", " ")}` : "Time now";
  }
  if (name === "createDocument") return `Document: ${textOf(input, "title") ?? "…"}`;
  if (name === "readDocument") return "Reading a document";
  if (name === "updateDocument") return "Rewriting a document";
  if (name === "editDocument") return "Editing a document";
  if (name === "requestSuggestions") return "Suggesting changes of a document";
  return `Tool “${name}”`;
}

/** The text under a key of a value that a model made. */
export function textOf(value: unknown, key: string): string | undefined {
  const text = fieldOf(value, key);
  return typeof text === "string" ? text : undefined;
}

/** The number under a key of a value that a tool made. */
export function numberOf(value: unknown, key: string): number | undefined {
  const number = fieldOf(value, key);
  return typeof number === "number" ? number : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
