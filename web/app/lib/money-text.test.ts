import { expect, test } from "vitest";
import { moneyText, shortMoneyText } from "./money-text.ts";

test.each([
  [0, "$0.00"],
  [12_500_000_000, "$12.50"],
  [1_234_567_891_234, "$1,234.57"],
  [420_000_000, "$0.42"],
  [10_000_000, "$0.01"],
  [4_210_000, "$0.0042"],
  [1_500, "$0.0000015"],
])("%s nano-dollars are %s", (nanos, text) => {
  expect(moneyText(nanos)).toBe(text);
});

test.each([
  [0, "$0"],
  [5_000_000, "$0.005"],
  [500_000_000, "$0.50"],
  [2_000_000_000, "$2"],
  [1_250_000_000_000, "$1.3K"],
])("%s nano-dollars are %s on an axis", (nanos, text) => {
  expect(shortMoneyText(nanos)).toBe(text);
});
