import type { RouterInputs } from "api-worker";
import {
  type EditedLimitName,
  editedLimitNames,
  type LimitsOutput,
  limitTexts,
} from "api-worker/contracts/admin-limits";
import { byteText } from "../../../lib/byte-text.ts";
import { moneyText } from "../../../lib/money-text.ts";
import {
  bytesOfMegabytes,
  dollarsOfNanos,
  limitOf,
  megabytesOfBytes,
  nanosOfDollars,
} from "../form/amounts.ts";
import { readLimit } from "../form/limit-choice.ts";

type Change = Pick<RouterInputs["admin"]["limits"]["updateRole"], "set" | "reset">;

const units = {
  count: {
    read: limitOf,
    show: (value: number) => value,
    text: (value: number) => value.toLocaleString("en"),
  },
  dollars: { read: nanosOfDollars, show: dollarsOfNanos, text: moneyText },
  megabytes: { read: bytesOfMegabytes, show: megabytesOfBytes, text: byteText },
};

/** How a limit is entered, shown in its field, and said. */
export function unitOf(name: EditedLimitName) {
  return units[limitTexts[name].unit];
}

/** A limit as the form says it. */
export function limitText(name: EditedLimitName, value: number | null): string {
  return value === null ? "no limit" : unitOf(name).text(value);
}

/**
 * Reads what was changed in the form, so that what someone else changes meanwhile stays.
 *
 * @param stored what the form was made from
 */
export function readChange(form: FormData, stored: LimitsOutput["stored"]): Change {
  const set: Change["set"] = {};
  const reset: EditedLimitName[] = [];
  for (const name of editedLimitNames) {
    const value = readLimit(form, name, unitOf(name).read);
    const isShown = value === shownValue(name, stored[name]);
    if (isShown) continue;
    if (value === undefined) reset.push(name);
    else set[name] = value;
  }
  return { set, reset };
}

/** A stored limit as its untouched field has it: megabytes are rounded. */
function shownValue(name: EditedLimitName, value: number | null | undefined) {
  if (value === undefined || value === null) return value;
  const { read, show } = unitOf(name);
  return read(String(show(value)));
}
