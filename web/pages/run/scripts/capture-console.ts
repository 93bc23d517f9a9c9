import { formatArguments } from "./format-value.ts";

const levels = {
  debug: "stdout",
  log: "stdout",
  info: "stdout",
  warn: "stderr",
  error: "stderr",
} as const;

/** Writes what is told to the console into the output of the run, one line for each call. */
export function captureConsole(write: (stream: "stdout" | "stderr", text: string) => void): void {
  for (const [level, stream] of Object.entries(levels)) {
    console[level as keyof typeof levels] = (...values: unknown[]) =>
      write(stream, `${formatArguments(values)}\n`);
  }
}
