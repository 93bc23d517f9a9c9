/** What the demo model draws of sheets. */

import { firstWords } from "./title-text.ts";

const barsMax = 24;
/** Of a longer name its first words are shown. */
const nameLength = 20;
const rowHeight = 28;
const barsFrom = 180;
const barsWidth = 400;
const width = barsFrom + barsWidth + 80;

/**
 * Draws the first column of numbers of a sheet as bars, with the names of the first column beside
 * them.
 *
 * @param content the sheet, as CSV
 * @returns an SVG
 */
export function composeChart(title: string, content: string): string {
  const [head = [], ...rows] = content
    .split("\n")
    .slice(0, barsMax + 1)
    .map(cellsOf);
  const column = head.findIndex((_, index) => index > 0 && isNumber(rows[0]?.[index]));
  const bars = rows
    .filter((row) => isNumber(row[column]))
    .map((row) => ({ name: row[0] ?? "", value: Number(row[column]) }));
  const most = Math.max(1, ...bars.map(({ value }) => Math.abs(value)));
  const height = (bars.length + 2) * rowHeight;
  const lines = bars.map(({ name, value }, index) => {
    const top = (index + 1.5) * rowHeight;
    const length = Math.round((Math.abs(value) / most) * barsWidth);
    const text = `y="${top + 15}"`;
    return `  <text x="${barsFrom - 12}" ${text} text-anchor="end">${escapeXml(firstWords(name, nameLength))}</text>
  <rect x="${barsFrom}" y="${top}" width="${length}" height="20" rx="3" fill="#0f766e"/>
  <text x="${barsFrom + length + 8}" ${text}>${value}</text>`;
  });
  const heading = `${title}${column > 0 ? `: ${head[column]}` : ""}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="100%" font-family="system-ui, sans-serif" font-size="14" fill="#1c1917">
  <rect width="100%" height="100%" fill="white"/>
  <text x="${barsFrom}" y="26" font-size="16" font-weight="600">${escapeXml(heading)}</text>
${lines.join("\n")}
</svg>
`;
}

/** The values of a row. A line break within a cell is not expected in what the demo model draws. */
function cellsOf(line: string): string[] {
  return [...line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain,
  );
}

const isNumber = (cell: string | undefined) => cell !== undefined && /^-?\d+(\.\d+)?$/.test(cell);

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
