const intervalMs = 20_000;
/** Cursors count intervals from here. */
const epochMs = Date.UTC(2024, 9, 9);
const jitterMaxIntervals = 180;

/**
 * The cursor of an answer to a reader who follows live: readers who ask at about the same time
 * share it, and a cache can answer them with one request. It always moves on, so that no reader
 * gets an old answer in a circle.
 *
 * @param sent the cursor that the reader has sent, if any
 * @param random for the step past a cursor that is not behind; from 0 to below 1
 */
export function nextCursor(
  sent: string | null,
  now: number,
  random: () => number = Math.random,
): string {
  const current = Math.floor((now - epochMs) / intervalMs);
  const last = sent !== null && /^\d{1,12}$/.test(sent) ? Number(sent) : -1;
  if (last < current) return String(current);
  return String(last + 1 + Math.floor(random() * jitterMaxIntervals));
}
