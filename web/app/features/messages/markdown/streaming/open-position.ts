import { formulaAt } from "../math/scan-formula.ts";

/** A tag or an address in angle brackets that is longer is text. */
const tagMaxLength = 500;

/**
 * Where the unfinished part of a sentence begins: code, a link, a formula or a tag whose end has
 * not come. It would take precedence over everything that begins in it. The length of the text
 * when all is finished.
 */
export function openPosition(text: string): number {
  return new Scan(text).run();
}

class Scan {
  private readonly text: string;
  private pos = 0;
  /** Where the open brackets and tags are. */
  private readonly brackets: number[] = [];
  private readonly tags: { readonly name: string; readonly at: number }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): number {
    const { text } = this;
    while (this.pos < text.length) {
      const begin = this.pos;
      if (this.step() === "open") return this.first(begin);
    }
    return this.first(text.length);
  }

  /** The first of what is open. */
  private first(pos: number): number {
    return Math.min(pos, this.brackets[0] ?? pos, this.tags[0]?.at ?? pos);
  }

  private step(): "open" | undefined {
    const char = this.text[this.pos];
    if (char === "$" || char === "\\") return this.formula();
    if (char === "`") return this.code();
    if (char === "<") return this.tag();
    if (char === "[") {
      this.brackets.push(this.text[this.pos - 1] === "!" ? this.pos - 1 : this.pos);
    } else if (char === "]") return this.bracketEnd();
    this.pos += 1;
    return undefined;
  }

  private formula(): "open" | undefined {
    const { text, pos } = this;
    const formula = formulaAt(text, pos, text.length);
    if (formula === "open") return "open";
    if (formula) {
      // The next character decides whether the dollar closes it.
      if (formula.end === text.length && text[formula.end - 1] === "$") return "open";
      this.pos = formula.end;
      return undefined;
    }
    if (text[pos] === "$") {
      while (text[this.pos] === "$") this.pos += 1;
      return this.pos === text.length ? "open" : undefined;
    }
    if (/^\\(?:b|be|beg|begi|begin|begin\{[a-zA-Z*]*)?$/.test(text.slice(pos, pos + 20))) {
      return "open";
    }
    this.pos += 2;
    return undefined;
  }

  private code(): "open" | undefined {
    const { text, pos } = this;
    const run = /^`+/.exec(text.slice(pos))?.[0] ?? "`";
    let end = pos + run.length;
    for (;;) {
      end = text.indexOf(run, end);
      if (end < 0) return "open";
      let after = end;
      while (text[after] === "`") after += 1;
      // A longer run is no end, and the last one may become longer.
      if (after - end === run.length) {
        if (after === text.length) return "open";
        this.pos = after;
        return undefined;
      }
      end = after;
    }
  }

  private tag(): "open" | undefined {
    const { text, pos } = this;
    const source = text.slice(pos, pos + tagMaxLength);
    const match = /^<(\/?)([a-zA-Z][^\s<>]*)([^<>]*)(>?)/.exec(source);
    if (!match) {
      this.pos += 1;
      return this.pos === text.length || text.slice(pos) === "</" ? "open" : undefined;
    }
    if (match[4] === "" && pos + match[0].length === text.length) return "open";
    this.pos += match[0].length;
    const name = match[2]?.toLowerCase() ?? "";
    if (!/^(?:sub|sup|kbd|mark)$/.test(name)) return undefined;
    if (match[1] === "") this.tags.push({ name, at: pos });
    else if (this.tags.at(-1)?.name === name) this.tags.pop();
    return undefined;
  }

  private bracketEnd(): "open" | undefined {
    const { text } = this;
    this.pos += 1;
    const next = text[this.pos];
    if (this.brackets.length === 0) return undefined;
    if (next === undefined) return "open";
    if (next === "(") {
      const end = linkEnd(text, this.pos);
      if (end === undefined) return "open";
      this.pos = end;
    }
    this.brackets.pop();
    return undefined;
  }
}

/** The position after `(address "title")`; undefined when it is not finished. */
function linkEnd(text: string, begin: number): number | undefined {
  let depth = 0;
  for (let pos = begin; pos < text.length; pos += 1) {
    const char = text[pos];
    if (char === "\\") pos += 1;
    else if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    if (depth === 0) return pos + 1;
  }
  return undefined;
}
