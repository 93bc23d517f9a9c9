import type { MarkdownIt, StateBlock, Token } from "markdown-it";

/** Keeps the cells of a row that has more of them than the head: the parser would drop them. */
export function wideRows(md: MarkdownIt): void {
  const table = md.block.ruler.__rules__.find(({ name }) => name === "table");
  if (!table) return;
  const { fn, alt } = table;
  md.block.ruler.at(
    "table",
    (state, startLine, endLine, silent) => {
      const before = state.tokens.length;
      if (!fn(state, startLine, endLine, silent)) return false;
      if (!silent) {
        const added = state.tokens.splice(before);
        for (const token of added.flatMap(rowsOf(state))) state.tokens.push(token);
      }
      return true;
    },
    { alt },
  );
}

function rowsOf(state: StateBlock): (token: Token) => Token[] {
  let columns = 0;
  let count = 0;
  let line = 0;
  return (token) => {
    if (token.type === "th_open") columns += 1;
    if (token.type === "td_open") count += 1;
    if (token.type === "tr_open") {
      count = 0;
      line = token.map?.[0] ?? 0;
    }
    if (token.type !== "tr_close" || count === 0) return [token];
    const source = state.src.slice(
      (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0),
      state.eMarks[line],
    );
    const rest = splitRow(source).slice(columns);
    return [...rest.flatMap((content) => cell(state, content, line)), token];
  };
}

function cell(state: StateBlock, content: string, line: number): Token[] {
  const open = new state.Token("td_open", "td", 1);
  const inline = new state.Token("inline", "", 0);
  inline.content = content;
  inline.children = [];
  inline.map = [line, line + 1];
  return [open, inline, new state.Token("td_close", "td", -1)];
}

/** Splits a row at each `|` without a backslash. */
function splitRow(row: string): string[] {
  const cells: string[] = [];
  const text = row.trim().replace(/^\|/, "");
  let content = "";
  for (let index = 0; index < text.length; index += 1) {
    const isEscaped = text[index] === "\\" && text[index + 1] === "|";
    if (isEscaped) index += 1;
    if (text[index] === "|" && !isEscaped) {
      cells.push(content.trim());
      content = "";
    } else {
      content += text[index];
    }
  }
  if (content.trim() !== "") cells.push(content.trim());
  return cells;
}
