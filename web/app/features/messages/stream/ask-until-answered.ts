import { isUnsettled } from "../../../lib/error-text.ts";

/** Waits between tries, in ms. */
const retryDelaysMs = [300, 1_000, 2_500];

/**
 * Repeats a call that got no response, or that failed on the server, as during a deployment. It is
 * then unknown whether the call took effect, so only repeatable calls belong here.
 *
 * @throws what `ask` threw: a refusal at once, other errors after the last try
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
