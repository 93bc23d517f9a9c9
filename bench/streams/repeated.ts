/** The number of timed rounds, and the pause between two of them. */
export interface Repetition {
  readonly times: number;
  readonly pauseMs: number;
}

/** @param url with `times` and `pauseMs` */
export function searchParamsOf({ searchParams }: URL): Repetition {
  return { times: Number(searchParams.get("times")), pauseMs: Number(searchParams.get("pauseMs")) };
}

/**
 * Times an operation repeatedly, by the clock of the process that runs it. The mean is exact even
 * with a clock of whole milliseconds, as the runtime's is.
 *
 * @returns mean in ms
 */
export async function timeRepeated(
  run: () => Promise<void>,
  { times, pauseMs }: Repetition,
): Promise<number> {
  let totalMs = 0;
  for (let time = 0; time < times; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const startedAt = performance.now();
    await run();
    totalMs += performance.now() - startedAt;
  }
  return totalMs / times;
}
