/** The longest text that is inserted as a step that the browser can undo. */
const undoMax = { lines: 150, length: 10_000 };

/**
 * Replaces the text of a text box. Only what differs is replaced, so that the caret stays with the
 * words around it. In a box with the focus the change is a step that the browser can undo, unless
 * it inserts a long text. Setting the value would also make all earlier steps useless.
 */
export function replaceText(box: HTMLTextAreaElement, text: string): void {
  const before = box.value;
  if (before === text) return;
  const { start, end, inserted } = differenceOf(before, text);
  const { selectionStart, selectionEnd, selectionDirection } = box;
  const shift = (at: number) => {
    if (at < start || (at === start && end > start)) return at;
    return at >= end ? at + inserted.length - (end - start) : start + inserted.length;
  };
  if (document.activeElement === box && !isSlowToInsert(inserted)) {
    box.setSelectionRange(start, end);
    // Deprecated, but the only way that keeps the undo history, in all browsers.
    if (inserted === "") document.execCommand("delete");
    else document.execCommand("insertText", false, inserted);
  }
  if (box.value !== text) box.value = text;
  const [newStart, newEnd] = [shift(selectionStart), shift(selectionEnd)];
  // Browsers lay out the page for it, also when it changes nothing.
  if (box.selectionStart === newStart && box.selectionEnd === newEnd) return;
  box.setSelectionRange(newStart, newEnd, selectionDirection);
}

/**
 * Browsers insert line after line, and lay out all earlier lines for each: 1,500 lines take three
 * seconds, 150 lines a tenth of a second. 10,000 characters of Thai and emoji in one line take a
 * tenth of a second too. Undo is not worth a page that stands still.
 */
function isSlowToInsert(text: string): boolean {
  const { lines, length } = undoMax;
  return text.length > length || text.split("\n", lines + 1).length > lines;
}

/**
 * The smallest part of a text that has to be replaced.
 *
 * @returns its start and end in the old text, and what is there in the new one
 */
export function differenceOf(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly inserted: string } {
  const shorter = Math.min(before.length, after.length);
  let tail = 0;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  let start = 0;
  while (start < shorter - tail && before[start] === after[start]) start += 1;
  return { start, end: before.length - tail, inserted: after.slice(start, after.length - tail) };
}
