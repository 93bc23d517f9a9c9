import type { TokenizerExtension, Tokens } from "marked";

/** A formula in TeX, as the lexer gives it. */
export interface MathToken extends Tokens.Generic {
  readonly type: "math";
  /** TeX without its delimiters. */
  readonly text: string;
  /** Whether the formula stands on a line of its own rather than within a sentence. */
  readonly isDisplay: boolean;
}

const blockPatterns = [
  /^ {0,3}\$\$([\s\S]+?)\$\$ *(?:\n|$)/,
  /^ {0,3}\\\[([\s\S]+?)\\\] *(?:\n|$)/,
];

/**
 * `$…$` by pandoc's rule: no space inside the delimiters, and no digit after the closing one, so
 * that "from $5 to $10" stays prose.
 *
 * @see https://pandoc.org/MANUAL.html#extension-tex_math_dollars
 */
const inlinePatterns = [
  /^\$\$([^$\n]+?)\$\$/,
  /^\\\(([^\n]+?)\\\)/,
  /^\$((?!\s)(?:\\.|[^$\\\n])+?(?<!\s))\$(?!\d)/,
];

function mathToken(src: string, patterns: readonly RegExp[], isDisplay: boolean) {
  for (const pattern of patterns) {
    const match = pattern.exec(src);
    const text = match?.[1]?.trim();
    if (match && text) return { type: "math", raw: match[0], text, isDisplay } satisfies MathToken;
  }
  return undefined;
}

/** Adds formulas to marked's lexer: `$$…$$`, `\[…\]`, `$…$` and `\(…\)`. */
export const mathExtensions: TokenizerExtension[] = [
  {
    name: "math",
    level: "block",
    start: (src) => indexOf(src, /(?:^|\n) {0,3}(?:\$\$|\\\[)/),
    tokenizer: (src) => mathToken(src, blockPatterns, true),
  },
  {
    name: "math",
    level: "inline",
    start: (src) => indexOf(src, /\$|\\\(/),
    tokenizer: (src) => mathToken(src, inlinePatterns, false),
  },
];

function indexOf(src: string, pattern: RegExp): number | undefined {
  const index = src.search(pattern);
  return index < 0 ? undefined : index;
}
