import { z } from "zod";
import { limits } from "../../../../contracts/limits.ts";
import type { NewSuggestion } from "../ports.ts";

/** D1 stores neither half of a surrogate pair nor NUL, and a text of a document has neither. */
const textSchema = z.string().refine((text) => text.isWellFormed() && !text.includes("\0"));

const suggestionSchema = z.object({
  original: textSchema.min(1).max(4_000),
  proposed: textSchema.max(8_000),
  reason: textSchema.max(1_000).default(""),
});
type Suggestion = z.infer<typeof suggestionSchema>;

/** Suggestions that can be shown, and the reasons why others cannot. */
export interface ParsedSuggestions {
  readonly suggestions: readonly NewSuggestion[];
  /** A sentence for each suggestion that was dropped. */
  readonly dropped: readonly string[];
}

const quotedLength = 80;
/** More reasons than this are not told. */
const droppedMax = 10;

/**
 * Reads the suggestions that a model has written, as a JSON array or as one JSON object on each line.
 * Each original text must be in the document exactly once.
 *
 * @param answer what the model has written
 * @param content the document's
 */
export function parseSuggestions(answer: string, content: string): ParsedSuggestions {
  const suggestions: NewSuggestion[] = [];
  const dropped: string[] = [];
  for (const value of readValues(answer)) {
    const parsed = suggestionSchema.safeParse(value);
    const fault = parsed.success
      ? faultOf(parsed.data, content, suggestions)
      : "A suggestion isn’t a JSON object with the texts `original`, `proposed` and `reason`.";
    if (fault !== null || !parsed.success) {
      if (fault !== null && dropped.length < droppedMax) dropped.push(fault);
      continue;
    }
    const { original, proposed, reason } = parsed.data;
    const start = content.indexOf(original);
    suggestions.push({ original, start, proposed, reason: reason.trim() });
  }
  return { suggestions, dropped };
}

/** Why a suggestion cannot be shown; null when it can. */
function faultOf(
  { original, proposed }: Suggestion,
  content: string,
  before: readonly NewSuggestion[],
): string | null {
  const name = `“${quote(original)}”`;
  if (before.length === limits.suggestionsPerCallMax) {
    return `${name}: there are ${limits.suggestionsPerCallMax} suggestions already.`;
  }
  if (original === proposed) return `${name} is proposed as it is.`;
  const start = content.indexOf(original);
  if (start === -1) return `${name} isn’t in the document.`;
  if (content.includes(original, start + 1)) return `${name} is in the document more than once.`;
  const end = start + original.length;
  const overlaps = before.some((one) => start < one.start + one.original.length && one.start < end);
  return overlaps ? `${name} overlaps with another suggestion.` : null;
}

/** The values in a model’s answer: of the array that it is, or of its lines. */
function readValues(answer: string): unknown[] {
  const text = answer.slice(0, answerMaxLength);
  const whole = parse(text.slice(text.indexOf("["), text.lastIndexOf("]") + 1));
  if (Array.isArray(whole) && whole.every((item) => typeof item === "object")) return whole;
  return text.split("\n").flatMap((line) => {
    const trimmed = line.trim().replace(/,$/, "");
    // Other lines are fences, brackets and what the model says beside its suggestions.
    if (!trimmed.startsWith("{")) return [];
    return [parse(trimmed)];
  });
}

/** More characters of a model’s answer than this are not read. */
export const answerMaxLength = 100_000;

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > quotedLength ? `${line.slice(0, quotedLength - 1)}…` : line;
}
