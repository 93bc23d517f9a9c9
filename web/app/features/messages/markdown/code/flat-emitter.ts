import type { Emitter } from "highlight.js";

/** A piece of code. */
export interface CodeToken {
  readonly text: string;
  /** Classes for its colour; undefined for none. */
  readonly className: string | undefined;
}

/** Scopes with a colour of their own; in others code has the colour of what is around it. */
const coloured = new Set(
  (
    "comment quote keyword selector-tag doctag string regexp symbol bullet addition number literal " +
    "variable.constant template-variable link title section name selector-id selector-class attr " +
    "attribute property built_in type meta deletion emphasis strong"
  ).split(" "),
);

/**
 * Takes what highlight.js finds as a list of pieces. Its own emitter makes a tree as deep as the
 * code is nested, and walks it by recursion, which overflows the stack (`${\`${\`…`).
 */
export class FlatEmitter implements Emitter {
  readonly tokens: CodeToken[] = [];
  private readonly classNames: (string | undefined)[] = [undefined];

  startScope(name: string): void {
    this.classNames.push(classOf(name) ?? this.classNames.at(-1));
  }

  endScope(): void {
    if (this.classNames.length > 1) this.classNames.pop();
  }

  // highlight.js calls both by these names too.
  openNode(name: string): void {
    this.startScope(name);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (text !== "") this.tokens.push({ text, className: this.classNames.at(-1) });
  }

  /** Code of another language within the code. */
  __addSublanguage(emitter: FlatEmitter): void {
    const outer = this.classNames.at(-1);
    for (const { text, className } of emitter.tokens) {
      this.tokens.push({ text, className: className ?? outer });
    }
  }

  finalize(): void {}

  toHTML(): string {
    return "";
  }
}

/** As highlight.js names classes: `title.function` is `hljs-title function_`. */
function classOf(scope: string): string | undefined {
  const [first = "", ...rest] = scope.split(".");
  if (!coloured.has(first) && !coloured.has(scope)) return undefined;
  return [`hljs-${first}`, ...rest.map((name, index) => name + "_".repeat(index + 1))].join(" ");
}
