import { watchStarter } from "./starter.ts";

/** A failure that the user can act on: printed as one sentence, without a stack. */
export class ScriptError extends Error {
  override name = "ScriptError";
}

/** Settles when the signal is aborted; at once if it already is. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}

const endingSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs a script to its end. A {@link ScriptError} is printed as its message alone; any error sets
 * exit code 1. A termination signal becomes an ordinary exit, so that exit handlers run.
 *
 * @param main gets a signal that aborts when the script is asked to end. A script that takes it
 *   must end by itself; one that does not is ended at once.
 */
export async function runScript(main: (ending: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController();
  for (const [signal, code] of Object.entries(endingSignals)) {
    process.on(signal, () => {
      if (main.length === 0 || ending.signal.aborted) process.exit(code);
      ending.abort();
    });
  }
  const unwatch = main.length > 0 ? watchStarter(() => ending.abort()) : () => {};
  try {
    await main(ending.signal);
  } catch (error) {
    if (error instanceof ScriptError) console.error(error.message);
    else console.error(error);
    process.exitCode = 1;
  } finally {
    unwatch();
  }
}
