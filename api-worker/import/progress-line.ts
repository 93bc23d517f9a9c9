import type { RunProgress } from "./run-import.ts";

/** How often the line changes, in ms; without a terminal, how often a line is added. */
const everyMs = { terminal: 200, file: 10_000 } as const;

/** Shows the progress of a run in one line of a terminal, or now and then in a file. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedAt = Date.now();
  #shownAt = 0;
  #width = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: RunProgress): void {
    const { isTTY } = this.#stream;
    const now = Date.now();
    if (now - this.#shownAt < (isTTY ? everyMs.terminal : everyMs.file)) return;
    this.#shownAt = now;
    const text = `${clock(now - this.#startedAt)}  ${wordsOf(progress)}`;
    if (!isTTY) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#stream.write(`\r${text.padEnd(this.#width)}`);
    this.#width = text.length;
  }

  /** Clears the line. */
  end(): void {
    if (this.#stream.isTTY && this.#width > 0) this.#stream.write(`\r${" ".repeat(this.#width)}\r`);
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const stepWords = {
  rows: "reading rows of both sides",
  differences: "looking at differences",
  references: "checking references",
  files: "checking files",
} as const;

function wordsOf(progress: RunProgress): string {
  const number = (value: number) => value.toLocaleString("en");
  switch (progress.step) {
    case "looking":
      return "Looking at the old database …";
    case "copying":
      return `Copying: ${number(progress.copied)} of ${number(progress.listed)} groups looked at, ${number(progress.rows)} rows written`;
    case "comparing":
      return `Comparing: ${stepWords[progress.progress.step]}, ${number(progress.progress.rows)}`;
  }
}
