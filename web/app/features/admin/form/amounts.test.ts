import { expect, test } from "vitest";
import {
  bytesOfMegabytes,
  dollarsOfNanos,
  megabytesOfBytes,
  nanosOfDollars,
  nanosOfPrice,
  priceOfNanos,
} from "./amounts.ts";

test.each(["0.01", "0.07", "1.005", "2.5", "19.99", "999999.99", "0.000000001", "1234.567891234"])(
  "%s dollars are a whole number of nano-dollars, and come back",
  (text) => {
    const nanos = nanosOfDollars(text);
    expect(Number.isSafeInteger(nanos)).toBe(true);
    expect(dollarsOfNanos(nanos)).toBe(Number(text));
  },
);

test.each(["0.075", "1.005", "0.001", "0", "999.999"])("a price of %s comes back", (text) => {
  expect(Number.isInteger(nanosOfPrice(text))).toBe(true);
  expect(priceOfNanos(nanosOfPrice(text))).toBe(Number(text));
});

test("what is no amount is left for the server to refuse", () => {
  expect([nanosOfDollars(""), nanosOfDollars("a"), bytesOfMegabytes(" ")]).toEqual([0, 0, 0]);
  expect(nanosOfPrice("")).toBeNaN();
  expect(nanosOfPrice("0.0005")).toBe(0.5);
  expect(nanosOfPrice("-1")).toBe(-1_000);
});

test("megabytes have 1,048,576 bytes", () => {
  expect([bytesOfMegabytes("50"), bytesOfMegabytes("0.5")]).toEqual([52_428_800, 524_288]);
  expect([megabytesOfBytes(52_428_800), megabytesOfBytes(1)]).toEqual([50, 0]);
});
