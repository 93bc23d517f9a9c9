const opening = /^\s*```[^\n`]*\n/;
const maybeOpening = /^\s*(`{0,2}|```[^\n`]*)$/;
/** More white space and language than this before code is no opening fence. */
const openingMaxLength = 80;

/**
 * Drops the fence that models put around code although they are asked not to. Code that begins
 * without a fence stays as it is.
 *
 * @param pieces the text as it arrives
 * @returns its pieces without the line of the opening fence, and without the closing one
 */
export async function* dropFence(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let isFenced: boolean | null = null;
  // Held back until it is clear whether a fence begins, or ends, here.
  let held = "";
  for await (const piece of pieces) {
    held += piece;
    if (isFenced === null) {
      if (held.length < openingMaxLength && maybeOpening.test(held)) continue;
      isFenced = opening.test(held);
      held = held.replace(opening, "");
    }
    const end = isFenced ? closingStart(held) : held.length;
    if (end > 0) yield held.slice(0, end);
    held = held.slice(end);
  }
  if (isFenced && held.trim() === "```") held = held.startsWith("\n") ? "\n" : "";
  if (held !== "") yield held;
}

/** Where a text may have the line of a closing fence: at its end, with the line break before it. */
function closingStart(text: string): number {
  let end = text.trimEnd().length;
  for (let ticks = 0; ticks < 3 && text[end - 1] === "`"; ticks += 1) end -= 1;
  return text[end - 1] === "\n" ? end - 1 : end;
}
