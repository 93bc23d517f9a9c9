/** Amounts of money are nano-dollars in the API. */
import { nanosPerDollar } from "api-worker/contracts/nano-dollars";

const cents = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
/** For amounts of which cents would show nothing. */
const small = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});
/** Without cents where there are none. */
const dollarsOnly = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  trailingZeroDisplay: "stripIfInteger",
});
const compact = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumFractionDigits: 1,
});

/** Formats an amount of nano-dollars: "$12.50", "$0.0042". Always in English. */
export function moneyText(nanos: number): string {
  const dollars = nanos / nanosPerDollar;
  return (nanos === 0 || dollars >= 0.01 ? cents : small).format(dollars);
}

/** The same in a few letters, as for an axis: "$0", "$1.50", "$1.2K". */
export function shortMoneyText(nanos: number): string {
  const dollars = nanos / nanosPerDollar;
  if (dollars >= 1_000) return compact.format(dollars);
  return nanos === 0 || dollars >= 0.01 ? dollarsOnly.format(dollars) : small.format(dollars);
}
