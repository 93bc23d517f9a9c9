/**
 * Decides how much Markdown the server renders. What is beyond stays plain text until the browser
 * renders it, so that no page costs the server much, whatever its messages are made of.
 */
import { use, useDeferredValue } from "react";
import { RenderMaxContext, SpendContext, servedMax } from "../../../lib/render-budget.ts";
import { useIsBrowser } from "../../../lib/use-is-browser.ts";
import type { ChatMessage } from "../message.ts";

/** A formula, by its opening. Its closing costs the same. */
const formulaCost = 100;
/** A fence, because the code after it is coloured. */
const fenceCost = 1_500;
const formulaCharacterCost = 10;
/** A character that may begin an element. */
const markupCost = 8;
const scriptCost = 40;
/** A formula is no longer than this. */
const formulaMax = 5_000;

/**
 * @param messages of a page, oldest first; the newest, which the reader sees first, get their part
 *   first
 * @param max what the page may cost
 * @returns how many characters of a message's text are rendered, only for messages that are not
 *   rendered whole; and what the page costs
 */
export function servedLengths(
  messages: readonly ChatMessage[],
  max = servedMax,
): { readonly lengths: ReadonlyMap<string, number>; readonly cost: number } {
  const lengths = new Map<string, number>();
  const most = Math.min(servedMax, max);
  let left = most;
  for (const message of messages.toReversed()) {
    if (message.role !== "assistant") continue;
    let length = 0;
    for (const part of message.parts) {
      if (part.type !== "text") continue;
      const served = affordable(part.text, left);
      left -= served.cost;
      length += served.length;
      if (served.length === part.text.length) continue;
      lengths.set(message.id, length);
      left = 0;
      break;
    }
  }
  return { lengths, cost: most - left };
}

/** How many characters of a text a sum pays for, to the end of a line, and what they cost. */
export function affordable(text: string, sum: number): { length: number; cost: number } {
  let cost = 0;
  let formulaEnd = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    const isMath = index < formulaEnd;
    cost += costOf(text, index) + (isMath ? formulaCharacterCost : 0);
    if (cost > sum) return { length: lineEndBefore(text, index), cost };
    const isDelimiter =
      character === "$" || (character === "\\" && /[[(\])b]/.test(text[index + 1] ?? ""));
    if (isDelimiter) formulaEnd = isMath ? 0 : index + formulaMax;
    else if (character === "\n" && text[index + 1] === "\n") formulaEnd = 0;
  }
  return { length: text.length, cost };
}

function costOf(text: string, index: number): number {
  switch (text[index]) {
    case "$":
    case "\\":
      return formulaCost;
    case "&":
    case "^":
    case "_":
      return scriptCost;
    case "`":
    case "~":
      return text[index + 1] === text[index] && text[index + 2] === text[index]
        ? fenceCost
        : markupCost;
    case "\n":
    case "|":
    case "*":
    case "[":
    case "<":
    case ">":
    case ":":
    case "-":
      return markupCost;
    default:
      return 1;
  }
}

/** A cut in the middle of a line would show a half of its markup. */
function lineEndBefore(text: string, index: number): number {
  const end = index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;
  if (index - end < 2000) return end;
  return /[\ud800-\udbff]/.test(text[index - 1] ?? "") ? index - 1 : index;
}

const noLengths: ReadonlyMap<string, number> = new Map();

/** The lengths of what the server renders; empty as soon as the browser has taken the page over. */
export function useServedLengths(messages: readonly ChatMessage[]): ReadonlyMap<string, number> {
  const isBrowser = useIsBrowser();
  const max = use(RenderMaxContext);
  const spend = use(SpendContext);
  // Rendering the rest may take a while, and the page stays usable meanwhile.
  if (useDeferredValue(isBrowser)) return noLengths;
  const { lengths, cost } = servedLengths(messages, max);
  spend(cost);
  return lengths;
}
