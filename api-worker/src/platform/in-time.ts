import { delay } from "./delay.ts";

/** No caller waits longer, unless it says so. */
const usualMaxMs = 5_000;

/**
 * Bounds a call, so that an object or a database that hangs holds up no caller.
 *
 * @param maxMs milliseconds
 * @throws what the call throws, and an error when it takes too long; it is then unknown whether it
 *   took effect
 */
export async function inTime<T>(call: Promise<T>, maxMs = usualMaxMs): Promise<T> {
  const end = new AbortController();
  const late = delay(maxMs, end.signal).then(() => {
    throw new Error(`There was no answer in time, within ${maxMs} ms.`);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    end.abort();
  }
}
