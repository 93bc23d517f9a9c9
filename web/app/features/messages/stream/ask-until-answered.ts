import { isUnsettled } from "../../../lib/error-text.ts";

/** Waits before the same is asked again, in ms. */
const retryDelaysMs = [300, 1_000, 2_500];

/**
 * Asks again when no answer came, or the server failed, as in a deployment: then it is unknown whether
 * it was done. Only for what may be asked twice.
 *
 * @throws what `ask` threw: a refusal at once, all else after the last try
 */
export async function askUntilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await ask();
    } catch (error) {
      if (!isUnsettled(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return ask();
}
