const intervalMs = 20_000;
/** Cursors count intervals from here. */
const epochMs = Date.UTC(2024, 9, 9);
const jitterMaxIntervals = 180;

/**
 * The cursor of a response to a live reader. Readers that ask at about the same time share it, so a
 * cache can serve them all with one request. It always advances, so a cached response can never send
 * a reader in a circle.
 *
 * @param sent the cursor that the reader sent; null for none
 * @param now epoch milliseconds
 * @param random number from 0 to below 1, for the step past a cursor that is not behind
 * @see https://github.com/durable-streams/durable-streams
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
