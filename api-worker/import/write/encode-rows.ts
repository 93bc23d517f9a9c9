import type { ConvertedGroup, DatabaseName, TableRows, Value } from "../model.ts";

/** Rows of one shape: of one table, with values for the same columns. */
export interface RowShape {
  readonly table: string;
  readonly database: DatabaseName;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** A row as it travels. */
export interface EncodedRow {
  readonly shape: RowShape;
  /** JSON array of the values, in the order of the columns. */
  readonly json: string;
  /** JSON array of the values of the key. */
  readonly key: string;
  /** UTF-8 bytes of `json`. */
  readonly bytes: number;
  /** The values, of a row whose JSON is too large for one parameter. */
  readonly values: readonly Value[] | null;
}

/** Bytes of JSON in one parameter. D1 takes 2 MB; a row that needs more is bound value by value. */
export const parameterMaxBytes = 900_000;

/**
 * Encodes the rows of a group one by one, in their order.
 *
 * @throws Error for a row without a value for a column that its table's first row has, or with a
 *   value that JSON cannot hold
 */
export function* encodeRows({ tables }: ConvertedGroup): Generator<EncodedRow> {
  for (const rows of tables) yield* encodeTable(rows);
}

function* encodeTable({ table, database, key, rows }: TableRows): Generator<EncodedRow> {
  const [first] = rows;
  if (!first) return;
  const shape: RowShape = { table, database, key, columns: Object.keys(first) };
  for (const row of rows) {
    if (Object.keys(row).length !== shape.columns.length) {
      throw new Error(`The rows of ${table} in a group differ in their columns.`);
    }
    const values = shape.columns.map((column) => checked(table, column, row[column]));
    const json = JSON.stringify(values);
    const bytes = Buffer.byteLength(json);
    yield {
      shape,
      json,
      key: JSON.stringify(key.map((column) => checked(table, column, row[column]))),
      bytes,
      values: bytes > parameterMaxBytes ? values : null,
    };
  }
}

function checked(table: string, column: string, value: Value | undefined): Value {
  if (value === undefined) throw new Error(`A row of ${table} has no value for ${column}.`);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`A row of ${table} has ${value} in ${column}, which JSON cannot hold.`);
  }
  return value;
}

/** The name of a shape in maps. */
export const shapeName = ({ table, columns }: RowShape): string => `${table} ${columns.join(" ")}`;
