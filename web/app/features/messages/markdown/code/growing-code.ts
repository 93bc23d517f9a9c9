import type { CodeToken } from "./flat-emitter.ts";
import { type ColouredCode, colourCode } from "./highlighter.ts";

/** A part of the code that is coloured for good. */
export interface CodePart {
  readonly code: string;
  readonly tokens: readonly CodeToken[];
}

/** Code that grows, as it is coloured so far. */
export interface GrowingCode {
  readonly code: string;
  readonly language: string;
  /** Finished lines. They are never coloured again. */
  readonly finished: readonly CodePart[];
  /** What comes after them. */
  readonly rest: CodePart;
}

export const noCode: GrowingCode = {
  code: "",
  language: "",
  finished: [],
  rest: { code: "", tokens: [] },
};

/**
 * Where a comment or a string is open for longer than this, its lines are taken as they are, because
 * they would be coloured again at each step. Code that is there at once may be longer.
 */
const openMaxLength = 6_000;

/**
 * Colours growing code. A step colours what came after the last line where nothing was open (no
 * string, no comment), so its cost does not grow with the code.
 *
 * @param colour colours a part by itself; another function in tests
 */
export function growCode(
  previous: GrowingCode,
  code: string,
  language: string,
  colour: (code: string, language: string) => ColouredCode = colourCode,
): GrowingCode {
  if (previous.code === code && previous.language === language) return previous;
  const continues = previous.language === language && code.startsWith(previous.code);
  const finished = continues ? previous.finished : [];
  const begin = finished.reduce((sum, part) => sum + part.code.length, 0);
  const end = Math.max(begin, code.lastIndexOf("\n") + 1);
  const lines = code.slice(begin, end);
  const rest = code.slice(end);
  if (lines === "") return { code, language, finished, rest: part(rest) };

  const { tokens, isClosed } = colour(lines, language);
  const isGrowing = continues && previous.code !== "";
  if (isClosed) {
    return { code, language, finished: [...finished, { code: lines, tokens }], rest: part(rest) };
  }
  if (isGrowing && lines.length > openMaxLength) {
    const plain = { code: lines, tokens: [{ text: lines, className: undefined }] };
    return { code, language, finished: [...finished, plain], rest: part(rest) };
  }
  return { code, language, finished, rest: part(lines + rest) };

  function part(source: string): CodePart {
    return { code: source, tokens: source === "" ? [] : colour(source, language).tokens };
  }
}
