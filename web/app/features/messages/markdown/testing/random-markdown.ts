/** Random Markdown texts for tests. The same seed gives the same text. */

/** Returns numbers from 0 to below 1. */
export type Random = () => number;

/** A small generator of random numbers (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

const scripts = [
  "abcdefghijklmnopqrstuvwxyz",
  "的一是在不了有和人这中大",
  "ابتثجحخدذرزسش",
  "אבגדהוזחטיכל",
] as const;

/** A text of well-formed Markdown. */
export function randomDocument(random: Random): string {
  return new Writer(random).document();
}

/** Pieces that mean something in Markdown, and words that have to be shown. */
const soup = [
  ..."* ** *** _ __ ~ ~~ ` `` ``` ~~~ # ## - + 1. > | |-|-| $ $$ \\( \\) \\[ \\] \\ ! [ ] ( ) < > : ; & = ---".split(
    " ",
  ),
  ..."<!-- --> <sub> </sub> <kbd> </kbd> <mark> <br> <b> </b> <details> </details> <summary> </summary>".split(
    " ",
  ),
  ..."[^1] [^1]: [x] [ ](https://a.example/ https://a.example/ \\begin{align} \\end{align} 。 ， （ ） 「 」".split(
    " ",
  ),
] as const;

/** A text where pieces of Markdown and words follow each other without sense. */
export function randomSoup(random: Random): { readonly text: string; readonly words: string[] } {
  const words: string[] = [];
  let text = "";
  const count = 10 + Math.floor(random() * 60);
  for (let index = 0; index < count; index += 1) {
    const kind = random();
    if (kind < 0.3) {
      const word = `word${letters(words.length)}`;
      words.push(word);
      text += word;
    } else if (kind < 0.75) text += pick(random, ["*", ...soup]);
    text += pick(random, ["", " ", " ", "\n", "\n\n", "    "]);
  }
  return { text, words };
}

function letters(number: number): string {
  return String.fromCharCode(97 + (Math.floor(number / 26) % 26), 97 + (number % 26));
}

/** Cuts a text into pieces of random lengths, as an answer arrives. */
export function randomPieces(random: Random, text: string): string[] {
  const pieces: string[] = [];
  const longest = random() < 0.1 ? 1 : pick(random, [60, 4, 12, 30]);
  for (let begin = 0; begin < text.length; ) {
    const end = begin + 1 + Math.floor(random() * longest);
    pieces.push(text.slice(begin, end));
    begin = end;
  }
  return pieces;
}

class Writer {
  private readonly random: Random;
  private readonly script: string;

  constructor(random: Random) {
    this.random = random;
    this.script = pick(random, scripts);
  }

  document(): string {
    return this.many(2, 5, () => this.block(0)).join("\n\n");
  }

  private many(least: number, most: number, make: () => string): string[] {
    const length = least + Math.floor(this.random() * (most - least + 1));
    return Array.from({ length }, make);
  }

  private word(): string {
    const script = this.random() < 0.2 ? pick(this.random, scripts) : this.script;
    return this.many(2, 7, () => script[Math.floor(this.random() * script.length)] ?? "").join("");
  }

  private words(): string {
    return this.many(1, 6, () => this.word()).join(" ");
  }

  private span(): string {
    const words = this.words();
    const space = this.random() < 0.5 ? " " : "\n";
    return pick<() => string>(this.random, [
      () => words,
      () => words,
      () => `**${words}**`,
      () => `*${words}*`,
      () => `***${words}*** and **a *${words}* b**`,
      () => `~~${words}~~`,
      () => `\`${words}\` and \`\`a \` b\`\``,
      () => `[${words}](https://example.com/a_(b)?c=*d*)`,
      () => `![${words}](https://example.com/a.png)`,
      () => `https://example.com/${this.word().length}，${words}`,
      () => `$x_${words.length} + \\alpha^2$ \\(a*b*c\\)`,
      () => `costs $${words.length} or 5$, ${words}`,
      () => `H<sub>2</sub>O <kbd>${words}</kbd>${space}<b>${words}</b>`,
      () => `3 * 4 * 5 and **kwargs, snake_case_name, 10~20~30`,
      () => `[0, 1) and ${words}`,
      () => `\\*${words}\\* &amp; &lt;`,
      () => `**${words}：**${words}`,
    ])();
  }

  private sentence(): string {
    return this.many(1, 4, () => this.span()).join(" ");
  }

  private block(depth: number): string {
    const makers: [() => string, ...(() => string)[]] = [
      () => this.many(1, 3, () => this.sentence()).join("\n"),
      () => `${pick(this.random, ["#", "##", "###"])} ${this.sentence().replaceAll("\n", " ")}`,
      () => `${this.words()}\n${pick(this.random, ["===", "---"])}`,
      () => this.code(),
      () =>
        `$$\n${pick(this.random, ["a\n= b", "x^2\n- y", "\\sum_i\n# 1"])}\n$$${pick(this.random, ["", "."])}`,
      () => "\\begin{align}\na &= b \\\\\n- c &= d\n\\end{align}",
      () => this.table(),
      () => pick(this.random, ["---", "* * *", "***"]),
      () => `<!-- ${this.words()} --> ${this.words()} <!-- b -->`,
      () => `1. ${this.words()}\n1984. ${this.words()}\n\n2.5 ${this.words()}`,
    ];
    if (depth < 3) {
      makers.push(
        () => this.list(depth),
        () => this.list(depth),
        () => this.block(depth + 1).replace(/^/gm, "> "),
        () =>
          `<details>\n<summary>${this.words()}</summary>\n\n${this.block(depth + 1)}\n\n</details>`,
      );
    }
    return pick(this.random, makers)();
  }

  private list(depth: number): string {
    const marker = pick(this.random, ["-", "*", "+", "1.", "- [x]", "- [ ]"]);
    const indent = " ".repeat(marker.startsWith("1") ? 3 : 2);
    const items = this.many(1, 4, () => {
      const rest = this.random() < 0.4 ? `\n${this.block(depth + 1)}` : "";
      return `${marker} ${this.sentence()}${rest}`.replaceAll("\n", `\n${indent}`);
    });
    return items.join(this.random() < 0.3 ? "\n\n" : "\n");
  }

  private code(): string {
    const fence = pick(this.random, ["```", "~~~~"]);
    const lines = this.many(0, 5, () =>
      pick(this.random, [
        this.words(),
        "# not a heading",
        "- no item",
        "",
        "a || b",
        "``",
        "| a |",
        "$$",
      ]),
    );
    return [`${fence}${pick(this.random, ["", "ts", "python title=x"])}`, ...lines, fence].join(
      "\n",
    );
  }

  private table(): string {
    const bar = this.random() < 0.7;
    const row = (cells: string[]) => (bar ? `| ${cells.join(" | ")} |` : cells.join(" | "));
    const cell = () => this.span().replaceAll("\n", " ");
    const rows = this.many(1, 4, () => row([cell(), cell()]));
    return [row([this.words(), this.words()]), row(["---", ":-:"]), ...rows].join("\n");
  }
}
