import { nanosPerDollar } from "../contracts/nano-dollars.ts";

const format = new Intl.NumberFormat("en", { maximumFractionDigits: 9, useGrouping: false });

/** An amount of money for people, exactly: "$2.5". @param nanos nano-dollars */
export function dollarsText(nanos: number): string {
  return `$${format.format(nanos / nanosPerDollar)}`;
}
