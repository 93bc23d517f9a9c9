import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ScriptError } from "./failure.ts";

/**
 * Makes an export of D1 restorable. An export has a row in each statement, and D1 takes rows of 2 MB
 * but statements of 100 kB only, so `wrangler d1 execute` refuses the export of a long message. Here
 * the long texts of such a statement are inserted piece by piece into a table of their own, from
 * which the statement takes them.
 */

/** Bytes of a statement that D1 takes for certain. */
const statementMaxBytes = 90_000;
/** Characters of a text that stays in its statement: with a few of these it is short enough. */
const inlineMaxLength = 1_000;
/** Characters of a piece: at most 60,000 bytes. */
const pieceMaxLength = 20_000;

/** Pieces of the texts of one statement, in their order. */
const table = "restoredTexts";

/**
 * Copies an export, with no statement that is too long for D1, for as long as `use` takes.
 *
 * @param file path of what `wrangler d1 export` has written
 * @param use gets the path of the copy
 * @throws {ScriptError} when there is no such file
 */
export async function withRestorable(
  file: string,
  use: (path: string) => Promise<void>,
): Promise<void> {
  if (!existsSync(file)) throw new ScriptError(`There is no file ${file}.`);
  const directory = await mkdtemp(join(tmpdir(), "restore-"));
  try {
    const path = join(directory, "restore.sql");
    const lines = readLines(createReadStream(file, "utf8"));
    await pipeline(Readable.from(splitLongInserts(lines)), createWriteStream(path));
    await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Not node:readline, which also ends lines at U+2028 and U+2029: texts may have those. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = "", ...others] = chunk.split("\n");
    rest.push(first);
    for (const line of others) {
      yield rest.join("");
      rest = [line];
    }
  }
  const last = rest.join("");
  if (last !== "") yield last;
}

/**
 * Splits the inserts of an export that are too long for D1.
 *
 * @param lines of the export, without their ends; an insert is on one line
 * @returns text of the new file, piece by piece
 */
export async function* splitLongInserts(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let hasTable = false;
  for await (const line of lines) {
    if (!line.startsWith("INSERT INTO ") || Buffer.byteLength(line) <= statementMaxBytes) {
      yield `${line}\n`;
      continue;
    }
    if (!hasTable) yield `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n`;
    hasTable = true;
    yield* splitInsert(line);
  }
  if (hasTable) yield `DROP TABLE ${table};\n`;
}

function* splitInsert(line: string): Generator<string> {
  let statement = "";
  let end = 0;
  let pieceCount = 0;
  for (const literal of findLiterals(line)) {
    statement += line.slice(end, literal.start);
    end = literal.end;
    const text = line.slice(literal.start, literal.end);
    if (text.length <= inlineMaxLength) {
      statement += text;
      continue;
    }
    const firstId = pieceCount + 1;
    for (const piece of splitText(text.slice(1, -1))) {
      pieceCount++;
      yield `INSERT INTO ${table} (id, text) VALUES (${pieceCount}, '${piece}');\n`;
    }
    statement += `(SELECT group_concat(text, '') FROM (SELECT text FROM ${table} WHERE id BETWEEN ${firstId} AND ${pieceCount} ORDER BY id))`;
  }
  yield `${statement}${line.slice(end)}\n`;
  yield `DELETE FROM ${table};\n`;
}

/** Finds quoted texts and names. In SQL a quote mark inside one is written twice. */
function* findLiterals(line: string): Generator<{ start: number; end: number }> {
  let start = 0;
  while (start < line.length) {
    const mark = line[start];
    if (mark !== "'" && mark !== '"') {
      start++;
      continue;
    }
    let end = line.indexOf(mark, start + 1) + 1;
    while (line[end] === mark) end = line.indexOf(mark, end + 1) + 1;
    if (end === 0) throw new Error("The export has a quoted text without an end.");
    if (mark === "'") yield { start, end };
    start = end;
  }
}

/** Never between the halves of a doubled quote mark or of a character beyond U+FFFF. */
function* splitText(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + pieceMaxLength, text.length);
    if (end < text.length) {
      if (/[\udc00-\udfff]/.test(text.charAt(end))) end--;
      const quotes = /'*$/.exec(text.slice(start, end))?.[0].length ?? 0;
      if (quotes % 2 === 1) end--;
    }
    yield text.slice(start, end);
    start = end;
  }
}
