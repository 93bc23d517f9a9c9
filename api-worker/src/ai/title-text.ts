const ellipsis = "…";

/** One line of plain words: Markdown marks, line breaks and double spaces go. */
function toPlainLine(text: string): string {
  return text
    .replace(/```\w*|[`*#>]|~~|__/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * The first whole words of a text in at most `maxLength` characters (code points), the ellipsis
 * counted. A first word that is too long alone is cut between two code points.
 */
export function firstWords(text: string, maxLength: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxLength) return text;
  const head = characters.slice(0, maxLength).join("");
  const lastSpace = head.lastIndexOf(" ");
  const kept =
    lastSpace > 0 ? head.slice(0, lastSpace) : characters.slice(0, maxLength - 1).join("");
  return kept.replace(/[\s,;:.–-]+$/, "") + ellipsis;
}

/**
 * A chat's title from its first question alone: whole words, at most 60 characters.
 * "New chat" only for a question without any visible character.
 */
export function fallbackTitle(question: string): string {
  const plain = toPlainLine(question) || question.replace(/\s+/g, " ").trim();
  return firstWords(plain, 60) || "New chat";
}

/**
 * Makes a title of what a model wrote: its first line, without quotes, Markdown or a label, at
 * most 80 characters. null when no letter or digit is left.
 */
export function cleanTitle(answer: string): string | null {
  const firstLine = answer.split("\n").find((line) => /[\p{L}\p{N}]/u.test(line));
  if (firstLine === undefined) return null;
  const title = toPlainLine(firstLine)
    .replace(/^title\s*:\s*/i, "")
    .replace(/^["'“”‘’«»\s-]+|["'“”‘’«»\s.]+$/g, "");
  return /[\p{L}\p{N}]/u.test(title) ? firstWords(title, 80) : null;
}
