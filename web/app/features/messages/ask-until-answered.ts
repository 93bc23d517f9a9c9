import { readError } from "../../lib/error-text.ts";

/** Waits before the same is asked again, in ms. */
const retryDelaysMs = [300, 1_000, 2_500];

/**
 * Asks again when no answer came: then nobody knows whether the request arrived. Only for what may
 * be asked twice.
 *
 * @throws what `ask` threw: an answer by the worker at once, a lost network after the last try
 */
export async function askUntilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await ask();
    } catch (error) {
      if (readError(error).errorCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return ask();
}
