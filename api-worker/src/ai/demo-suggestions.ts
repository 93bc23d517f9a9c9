import { limits } from "../contracts/limits.ts";

/** Ways in which the demo model improves a piece of prose. */
const improvements: readonly {
  readonly reason: string;
  readonly improve: (sentence: string) => string;
}[] = [
  { reason: "Speak to the reader.", improve: (text) => `Imagine it: ${lowerFirst(text)}` },
  { reason: "Say it in fewer words.", improve: firstHalf },
  { reason: "Lead over from the sentence before.", improve: (text) => `So ${lowerFirst(text)}` },
  { reason: "Make it stand out.", improve: (text) => `**${text}**` },
  { reason: "This can go.", improve: () => "" },
];

/**
 * Suggests changes of a text, each of another sentence, or of another line of code.
 *
 * @returns a JSON object on each line
 */
export function suggestImprovements(content: string): string {
  const isCode = /^(?:"""|#!|import |def |function |const |class )/m.test(content);
  const pieces = isCode ? linesOf(content) : sentencesOf(content);
  const unique = pieces.filter((piece) => content.split(piece).length === 2);
  return unique
    .slice(0, limits.suggestionsPerCallMax)
    .map((original, index) => {
      const { reason, improve } = improvements[index % improvements.length] ?? {
        reason: "",
        improve: String,
      };
      return JSON.stringify(
        isCode
          ? { original, proposed: `${original}  # checked`, reason: "Say that it was checked." }
          : { original, proposed: improve(original), reason },
      );
    })
    .join("\n");
}

/** The sentences of the paragraphs, without headings and lists. */
function sentencesOf(content: string): string[] {
  return content
    .split(/\n+/)
    .filter((line) => !/^\s*(?:[#>|*+-]|\d+\.|```)/.test(line))
    .flatMap((line) => line.match(/\p{L}[^.?!]+[.?!]/gu) ?? []);
}

function linesOf(content: string): string[] {
  return content
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 3 && !/^(?:"""|#|\/\/)/.test(line));
}

function firstHalf(sentence: string): string {
  const words = sentence.split(" ");
  return `${words
    .slice(0, Math.ceil(words.length / 2))
    .join(" ")
    .replace(/\W+$/, "")}.`;
}

function lowerFirst(text: string): string {
  const [first = "", ...rest] = Array.from(text);
  return first.toLowerCase() + rest.join("");
}
