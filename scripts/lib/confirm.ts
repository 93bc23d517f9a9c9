import { createInterface } from "node:readline/promises";
import { ScriptError } from "./failure.ts";

/**
 * Asks for confirmation on the terminal.
 *
 * @throws {ScriptError} when the answer is not yes, or the input is not a terminal
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new ScriptError(`${question} Say yes with --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} (y/N) `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new ScriptError("Nothing was changed.");
}
