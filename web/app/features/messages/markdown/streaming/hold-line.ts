/** Blanks, `>`, list markers and labels of notes before the text of a line. */
const containers = /^(?:[\s>]|(?:[-+*]|\d{1,9}[.)]|\[\^[^\]\s]{1,50}\]:)[ \t]+)*/;
/** Lines longer than this no longer wait. */
const heldMaxLength = 400;

/**
 * Leaves out the last line of a growing text while it may still become another kind of block than
 * it looks: `*   **` is a rule until a word follows, `- ` under a paragraph makes it a heading.
 */
export function holdLastLine(text: string): string {
  const begin = text.lastIndexOf("\n") + 1;
  const line = text.slice(begin);
  if (line === "" || line.length > heldMaxLength) return text;
  return mayChange(line, () => lastLine(text.slice(0, begin))) ? text.slice(0, begin) : text;
}

function mayChange(line: string, before: () => string): boolean {
  const rest = line.replace(containers, "");
  // Rules, underlines of headings, markers of lists, fences, rows under the head of a table
  if (!/[\p{L}\p{N}]/u.test(rest)) return true;
  if (/^\d{1,9}[.)]?$/.test(rest)) return true;
  if (/^(?:`{3}|~{3})/.test(rest)) return true;
  if (/^<\/?[a-zA-Z]/.test(rest)) return isTagOpen(rest);
  if (rest.startsWith("[")) return isDefinitionOpen(rest);
  // A row of a table; without a bar at its start it may end the table.
  return !rest.startsWith("|") && before().includes("|");
}

function isTagOpen(rest: string): boolean {
  return !rest.includes(">") || /^<\/?(?:details|summary)\b/i.test(rest);
}

/** Whether a line is or may become a definition, which is shown only when it is unused. */
function isDefinitionOpen(rest: string): boolean {
  const end = rest.indexOf("]");
  // The box of a task too
  if (end < 0 || rest.slice(end + 1).trim() === "") return true;
  if (rest[end + 1] !== ":") return false;
  return !rest.startsWith("[^") || end === rest.length - 2;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n", text.length - 2) + 1);
}
