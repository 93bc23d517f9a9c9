import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { ScriptError } from "../failure.ts";
import type { Row, SqlValue, Statement, StoredDatabase } from "./storage.ts";
import { quoted, quotedList, type TableFacts } from "./tables.ts";

/** Reading tables row by row, in the order of their keys. */

/** Bytes and rows of a page at most; a longer row is a page of its own. */
const pageMost = { bytes: 2_000_000, rows: 2_000 };

/** A row's values, in the order of the table's columns. */
export type Values = readonly SqlValue[];

/**
 * Reads the rows of a table, in pages of bounded size.
 *
 * @param after the key of the row before the first; null for the beginning
 * @throws {ScriptError} for a value that a backup cannot hold
 */
export async function* readPages(
  database: StoredDatabase,
  table: TableFacts,
  after: Values | null = null,
): AsyncGenerator<readonly Values[]> {
  for (let key = after; ; ) {
    const [rows = []] = await database.run([pageStatement(table, key)]);
    if (rows.length === 0) return;
    const page = rows.map((row) => valuesOf(table, row));
    yield page;
    const last = rows.at(-1);
    key = table.key.map((column) => last?.[column] ?? null);
  }
}

/** One statement, so that a page is of one moment. */
function pageStatement(table: TableFacts, after: Values | null): Statement {
  const name = quoted(table.name);
  const key = quotedList(table.key);
  const places = table.key.map((_, index) => `?${index + 1}`).join(", ");
  const where = after === null ? "" : `WHERE (${key}) > (${places})`;
  const bytes = ["0", ...table.longColumns.map((one) => `ifnull(octet_length(${quoted(one)}), 0)`)];
  const sized = `SELECT ${key}, ${bytes.join(" + ")} AS "bytes" FROM ${name} ${where} ORDER BY ${key} LIMIT ${pageMost.rows}`;
  const totals = `SELECT sum("bytes") OVER (ORDER BY ${key} ROWS UNBOUNDED PRECEDING) AS "total" FROM (${sized})`;
  const count = `SELECT max(1, count(*)) FROM (${totals}) WHERE "total" <= ${pageMost.bytes}`;
  return {
    sql: `SELECT ${quotedList(table.columns)} FROM ${name} ${where} ORDER BY ${key} LIMIT (${count})`,
    ...(after && { params: after }),
  };
}

function valuesOf(table: TableFacts, row: Row): Values {
  return table.columns.map((column) => {
    const value = row[column];
    const isSafe =
      value === null || typeof value === "string" || (Number.isFinite(value) && isExact(value));
    if (isSafe) return value ?? null;
    throw new ScriptError(`A value in ${table.name}.${column} cannot be in a backup: ${value}.`);
  });
}

const isExact = (value: SqlValue | undefined): boolean =>
  !Number.isInteger(value) || Number.isSafeInteger(value);

/** How many rows a table has, and the SHA-256 of their JSON, row by row in the order of the key. */
export interface TableDigest {
  readonly rows: number;
  readonly sha256: string;
}

/** Adds up rows. */
class Digest {
  readonly #hash = createHash("sha256");
  #rows = 0;

  add(values: Values): void {
    this.#hash.update(`${JSON.stringify(values)}\n`);
    this.#rows += 1;
  }

  end(): TableDigest {
    return { rows: this.#rows, sha256: this.#hash.digest("hex") };
  }
}

/** Computes the digest of a table, reading all of it. */
export async function digestTable(
  database: StoredDatabase,
  table: TableFacts,
): Promise<TableDigest> {
  const digest = new Digest();
  for await (const page of readPages(database, table)) {
    for (const values of page) digest.add(values);
  }
  return digest.end();
}

/** The same for a table in a file. */
export function digestFileTable(sqlite: DatabaseSync, table: TableFacts): TableDigest {
  const digest = new Digest();
  for (const values of readFileRows(sqlite, table)) digest.add(values);
  return digest.end();
}

/**
 * Yields the rows of a table in a file.
 *
 * @param options `places` is a table that numbers the rows from 1, in the wanted order; `skip` leaves
 *   out the first rows
 */
export function* readFileRows(
  sqlite: DatabaseSync,
  table: TableFacts,
  { places, skip = 0 }: { readonly places?: string | undefined; readonly skip?: number } = {},
): Generator<Values> {
  const name = quoted(table.name);
  const columns = table.columns.map((column) => `${name}.${quoted(column)}`).join(", ");
  const ordered =
    places === undefined
      ? `FROM ${name} ORDER BY ${quotedList(table.key)} LIMIT -1 OFFSET ${skip}`
      : `FROM ${quoted(places)} AS places JOIN ${name} ON ${name}.rowid = places.id WHERE places.place > ${skip} ORDER BY places.place`;
  const rows = sqlite.prepare(`SELECT ${columns} ${ordered}`).iterate();
  for (const row of rows) yield valuesOf(table, row as Row);
}
