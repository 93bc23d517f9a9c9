import { delay } from "./delay.ts";

interface Tries {
  readonly maxTries: number;
  /** The wait before the second try. Each later wait is twice as long as the one before it. */
  readonly firstWaitMs: number;
}

/**
 * Calls an object, and calls it again when it dies during the call.
 *
 * @param call makes a fresh stub each time, because a stub that has seen its object die is useless
 * @throws what the last call throws
 */
export async function callAgain<T>(
  call: () => Promise<T>,
  { maxTries, firstWaitMs }: Tries,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === maxTries) throw error;
    }
    await delay(firstWaitMs * 2 ** (tries - 1));
  }
}
