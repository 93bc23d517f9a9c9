import { limits } from "../contracts/limits.ts";
import { AppError } from "../errors.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Bounds what JSON becomes in memory, before it is parsed: its nesting, on which code recurses, and
 * its number of values, each of which takes many times its length ("[]," takes 3 bytes as text and
 * over 30 as an array). Reads each byte once. Text that is not JSON is left to the parser.
 *
 * @param json as UTF-8
 * @throws AppError INVALID for too much nesting; TOO_LARGE for too many values
 */
export function checkJson(json: Uint8Array): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case quote:
        at = endOfString(json, at);
        break;
      case openBracket:
      case openBrace:
        depth += 1;
        values += 1;
        if (depth > limits.jsonDepthMax) {
          throw new AppError("INVALID", "This request is nested too deeply.");
        }
        break;
      case closeBracket:
      case closeBrace:
        depth -= 1;
        break;
      case comma:
        values += 1;
        break;
    }
    if (values > limits.jsonValuesMax) {
      throw new AppError("TOO_LARGE", "This request has too many values.");
    }
  }
}

/** @returns the place of the string's closing quote, or of the last byte */
function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === backslash) at += 1;
    else if (json[at] === quote) return at;
  }
  return json.length;
}
