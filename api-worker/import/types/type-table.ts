/**
 * What becomes of values of Postgres's types in SQLite. The writer and the verifier share this table
 * and nothing else.
 *
 * | Postgres | SQLite | value |
 * |---|---|---|
 * | `smallint`, `integer`, `oid` | INTEGER | the number |
 * | `boolean` | INTEGER | 0 or 1 |
 * | `real`, `double precision` | REAL | the number; `NaN` and infinities are text, -0 is 0 |
 * | `bigint`, `numeric`, `money` | TEXT | all digits, which a number of JavaScript would lose |
 * | `text`, `varchar`, `char`, `name`, `citext`, `uuid`, enums | TEXT | the text |
 * | `json`, `jsonb` | TEXT | as Postgres writes it: `json` byte for byte |
 * | `bytea` | TEXT | hex digits |
 * | `date`, `time` | TEXT | ISO 8601, as Postgres writes it |
 * | `timestamp` | TEXT | ISO 8601 with microseconds; infinities and years BC as Postgres writes them |
 * | `timestamptz`, `timetz` | TEXT | the same with an offset; `Z` for UTC |
 * | `interval` | TEXT | ISO 8601 |
 * | arrays | TEXT | JSON: numbers and booleans of these types, all else as strings; `box[]` as Postgres writes it |
 * | ranges, composites, geometry, networks, bits, XML, `tsvector` and all others | TEXT | as Postgres writes it |
 *
 * A domain is what its base type is.
 */

export type SqliteType = "INTEGER" | "REAL" | "TEXT";

/** The part of a column's description that decides. */
export interface ColumnType {
  /** As `format_type` writes it, without domains: `integer`, `character varying(64)`, `text[]`. */
  readonly baseType: string;
}

type Convert = (text: string) => string | number | boolean;

interface TypeRule {
  readonly sqlite: SqliteType;
  readonly convert: Convert;
}

const asText: TypeRule = { sqlite: "TEXT", convert: (text) => text };
const integer: TypeRule = { sqlite: "INTEGER", convert: Number };
const float: TypeRule = { sqlite: "REAL", convert: toFloat };
const moment: TypeRule = { sqlite: "TEXT", convert: toIsoTime };

const rules: Readonly<Record<string, TypeRule>> = {
  smallint: integer,
  integer,
  oid: integer,
  boolean: { sqlite: "INTEGER", convert: (text) => text === "t" },
  real: float,
  "double precision": float,
  bytea: { sqlite: "TEXT", convert: (text) => text.replace(/^\\x/, "") },
  "timestamp without time zone": moment,
  "timestamp with time zone": moment,
  "time with time zone": { sqlite: "TEXT", convert: (text) => text.replace(/\+00$/, "Z") },
};

/** The type of a column in SQLite. */
export function sqliteTypeOf({ baseType }: ColumnType): SqliteType {
  return isArray(baseType) ? "TEXT" : ruleOf(baseType).sqlite;
}

/**
 * A value as it is stored.
 *
 * @param text as Postgres writes it with the settings of `source/connect.ts`
 */
export function toStored(text: string | null, { baseType }: ColumnType): string | number | null {
  if (text === null) return null;
  if (isArray(baseType)) return JSON.stringify(readArray(text, ruleOf(elementOf(baseType))));
  const value = ruleOf(baseType).convert(text);
  return typeof value === "boolean" ? Number(value) : value;
}

function ruleOf(baseType: string): TypeRule {
  // Without the length or precision: `timestamp(3) without time zone`, `bit(8)`.
  const name = baseType.replace(/\(\d+(,-?\d+)?\)/, "");
  // An enum of the owner may have any name.
  return Object.hasOwn(rules, name) ? (rules[name] ?? asText) : asText;
}

function isArray(type: string): boolean {
  // The items of this array alone are separated by semicolons.
  return type.endsWith("[]") && elementOf(type) !== "box";
}

function elementOf(type: string): string {
  return type.replace(/(\[\])+$/, "");
}

function toFloat(text: string): string | number {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  return value === 0 ? 0 : value;
}

/** `2026-11-29 05:00:00.5+00` as `2026-11-29T05:00:00.500000Z`. */
function toIsoTime(text: string): string {
  const match = /^(\d{4,})-(\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-][\d:]+)?$/.exec(text);
  if (!match) return text;
  const [, year, day, time, fraction = "", offset = ""] = match;
  const zone = offset === "+00" ? "Z" : offset;
  return `${year}-${day}T${time}.${fraction.padEnd(6, "0")}${zone}`;
}

type ArrayValue = string | number | boolean | null | readonly ArrayValue[];

/**
 * Reads the text of an array: `{1,NULL,"a \"b\""}`, nested, with or without bounds before it.
 *
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
function readArray(text: string, rule: TypeRule): ArrayValue {
  const reader = new ArrayReader(text.replace(/^[[\]\d:+-]+=/, ""), rule);
  return reader.read();
}

class ArrayReader {
  readonly #text: string;
  readonly #rule: TypeRule;
  #at = 0;

  constructor(text: string, rule: TypeRule) {
    this.#text = text;
    this.#rule = rule;
  }

  read(): ArrayValue {
    const values: ArrayValue[] = [];
    this.#at += 1;
    while (this.#text[this.#at] !== "}") {
      if (this.#at >= this.#text.length) throw new Error("An array of Postgres has no end.");
      if (this.#text[this.#at] === ",") this.#at += 1;
      else values.push(this.#readItem());
    }
    this.#at += 1;
    return values;
  }

  #readItem(): ArrayValue {
    if (this.#text[this.#at] === "{") return this.read();
    if (this.#text[this.#at] === '"') return this.#rule.convert(this.#readQuoted());
    const end = this.#text.slice(this.#at).search(/[,}]/);
    const item = this.#text.slice(this.#at, this.#at + end);
    this.#at += end;
    return item === "NULL" ? null : this.#rule.convert(item);
  }

  #readQuoted(): string {
    const match = /"((?:[^"\\]|\\.)*)"/sy;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text);
    if (!found) throw new Error("An item of an array of Postgres has no end.");
    this.#at = match.lastIndex;
    return (found[1] ?? "").replace(/\\(.)/gs, "$1");
  }
}
