/** Converts what people enter in forms to the units of the API, and back. */
import { nanosPerDollar } from "api-worker/contracts/nano-dollars";

const bytesPerMegabyte = 1_048_576;

/** What a whole number was meant by, where floating point has missed it by a hair. */
function nearWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-6 * Math.max(1, Math.abs(value) * 1e-9) ? whole : value;
}

/**
 * Reads a number. What is none counts as 0, which the server refuses for a limit. NaN would arrive
 * there as null, which is no limit.
 */
export function limitOf(text: string): number {
  return Number(text) || 0;
}

/** @returns nano-dollars; 0 without a number */
export function nanosOfDollars(text: string): number {
  return nearWhole(limitOf(text) * nanosPerDollar);
}

export function dollarsOfNanos(nanos: number): number {
  return nanos / nanosPerDollar;
}

/**
 * Converts dollars for a million tokens to nano-dollars for one.
 *
 * @returns a fraction when there are more than three decimals, and NaN without a number, because 0 is a
 *   price
 */
export function nanosOfPrice(text: string): number {
  return text.trim() === "" ? Number.NaN : nearWhole(Number(text) * 1_000);
}

/** The price of a million tokens in dollars. @param nanos the price of one token */
export function priceOfNanos(nanos: number): number {
  return nanos / 1_000;
}

/** @returns whole bytes; 0 without a number */
export function bytesOfMegabytes(text: string): number {
  return Math.round(limitOf(text) * bytesPerMegabyte);
}

export function megabytesOfBytes(bytes: number): number {
  return Math.round((bytes / bytesPerMegabyte) * 1_000) / 1_000;
}
