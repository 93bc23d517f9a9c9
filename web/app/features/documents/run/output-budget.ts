import { runLimits } from "./run-limits.ts";

/** Counts the output of a run, and cuts what is too much. The page, the frame and the worker have one each. */
export class OutputBudget {
  #length: number = runLimits.outputMaxLength;
  #lines: number = runLimits.outputMaxLines;

  /** @returns as much of the text as fits, and whether that is not all of it */
  take(text: string): { readonly fitting: string; readonly isTooMuch: boolean } {
    let end = Math.min(text.length, this.#length);
    for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) {
      if (this.#lines === 0) end = at;
      else this.#lines -= 1;
    }
    this.#length -= end;
    return { fitting: text.slice(0, end), isTooMuch: end < text.length };
  }
}
