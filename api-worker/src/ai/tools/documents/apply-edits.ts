import { closest } from "fastest-levenshtein";
import { ToolFailure } from "../tool-failure.ts";

/** One change of a text: what is replaced must be there exactly once. */
export interface TextEdit {
  readonly find: string;
  readonly replace: string;
}

/** The nearest line is looked for among so many lines, cut off at so many characters. */
const comparedLines = 5_000;
const comparedLength = 300;
const quotedLength = 160;

/**
 * Makes the edits one after another.
 *
 * @throws ToolFailure when a text is not there, or is there more than once; it says which, with the
 *   nearest line, so that the model can try again
 */
export function applyEdits(content: string, edits: readonly TextEdit[]): string {
  return edits.reduce((text, { find, replace }, index) => {
    const which = edits.length === 1 ? "The text" : `Edit ${index + 1}: the text`;
    const at = text.indexOf(find);
    if (at === -1) {
      throw new ToolFailure(
        `${which} “${quote(find)}” isn’t in the document${nearestLine(text, find)}. Nothing was changed.`,
      );
    }
    if (text.includes(find, at + 1)) {
      throw new ToolFailure(
        `${which} “${quote(find)}” is in the document more than once. Give more of what is around it. Nothing was changed.`,
      );
    }
    return text.slice(0, at) + replace + text.slice(at + find.length);
  }, content);
}

/** Names the line that is most like the first line of a text that was not found. */
function nearestLine(content: string, find: string): string {
  const wanted = (find.split("\n").find((line) => line.trim() !== "") ?? "")
    .trim()
    .slice(0, comparedLength);
  const lines = content
    .split("\n", comparedLines)
    .map((line) => line.trim().slice(0, comparedLength));
  const candidates = lines.filter((line) => line !== "");
  if (wanted === "" || candidates.length === 0) return "";
  const nearest = closest(wanted, candidates);
  return `. The nearest is line ${lines.indexOf(nearest) + 1}: “${quote(nearest)}”`;
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > quotedLength ? `${line.slice(0, quotedLength - 1)}…` : line;
}
