import { cutText } from "../contracts/cut-text.ts";

const ellipsis = "…";

/** Reduces a text to one line without Markdown marks and double spaces. */
function toPlainLine(text: string): string {
  return (
    text
      .replace(/```\w*/g, " ")
      // Between two words a mark stays a gap: "2*3". Elsewhere it leaves none: "**this**, that".
      .replace(/(?<=\w)[`*#>]+(?=\w)/g, " ")
      .replace(/[`*#>]|~~|__/g, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/**
 * The first whole words of a text, in at most `maxLength` code points including the ellipsis. A
 * first word that is longer than that is cut between two graphemes.
 */
export function firstWords(text: string, maxLength: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxLength) return text;
  const head = characters.slice(0, maxLength).join("");
  const lastSpace = head.lastIndexOf(" ");
  const kept =
    lastSpace > 0
      ? head.slice(0, lastSpace)
      : cutText(text, characters.slice(0, maxLength - 1).join("").length);
  return kept.replace(/[\s,;:.–-]+$/, "") + ellipsis;
}

/**
 * Makes a chat's title from its first question: whole words, at most 60 characters. "New chat" for a
 * question without a visible character.
 */
export function fallbackTitle(question: string): string {
  const plain = toPlainLine(question) || question.replace(/\s+/g, " ").trim();
  return firstWords(plain, 60) || "New chat";
}

/**
 * Makes a title from a model's output: the first line without quotes, Markdown or a label, at most
 * 80 characters.
 *
 * @returns null when no letter or digit is left
 */
export function cleanTitle(answer: string): string | null {
  const firstLine = answer.split("\n").find((line) => /[\p{L}\p{N}]/u.test(line));
  if (firstLine === undefined) return null;
  const title = toPlainLine(firstLine)
    .replace(/^title\s*:\s*/i, "")
    .replace(/^["'“”‘’«»\s-]+|["'“”‘’«»\s.]+$/g, "");
  return /[\p{L}\p{N}]/u.test(title) ? firstWords(title, 80) : null;
}
