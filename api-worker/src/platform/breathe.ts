import { delay } from "./delay.ts";

/**
 * Lets other requests run in the middle of long work. A call to a database or an object is not
 * enough for that where it is answered in the same process.
 */
export function breathe(): Promise<void> {
  return delay(1);
}
