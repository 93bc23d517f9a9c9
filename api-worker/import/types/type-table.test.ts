import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceColumn } from "../model.ts";
import { openSource } from "../source/open-source.ts";
import { createSchema } from "../test/fixtures/schema.ts";
import { startPostgres, type TestPostgres } from "../test/postgres.ts";
import { sqliteTypeOf, toStored } from "./type-table.ts";

/** Each type with a value in SQL, its type in SQLite, and what is stored. */
const cases: readonly (readonly [type: string, value: string, sqlite: string, stored: unknown])[] =
  [
    ["smallint", "-32768", "INTEGER", -32768],
    ["integer", "2147483647", "INTEGER", 2147483647],
    ["bigint", "9223372036854775807", "TEXT", "9223372036854775807"],
    ["oid", "4294967295", "INTEGER", 4294967295],
    ["boolean", "true", "INTEGER", 1],
    ["real", "'0.1'", "REAL", 0.1],
    ["double precision", "'1e308'", "REAL", 1e308],
    ["double precision", "'-0'", "REAL", 0],
    ["double precision", "'NaN'", "REAL", "NaN"],
    ["double precision", "'-Infinity'", "REAL", "-Infinity"],
    ["numeric", "'0.1000'", "TEXT", "0.1000"],
    [
      "numeric(40,20)",
      "'12345678901234567890.12345678901234567890'",
      "TEXT",
      "12345678901234567890.12345678901234567890",
    ],
    ["money", "'12.34'::numeric::money", "TEXT", "$12.34"],
    ["text", "' a\nb '", "TEXT", " a\nb "],
    ["text", "''", "TEXT", ""],
    ["character varying(10)", "'😀'", "TEXT", "😀"],
    ["character(4)", "'ab'", "TEXT", "ab  "],
    ["name", "'ab'", "TEXT", "ab"],
    [
      "uuid",
      "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
      "TEXT",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ],
    ["bytea", "'\\x00ff10'", "TEXT", "00ff10"],
    ["bytea", "''", "TEXT", ""],
    ["date", "'2024-02-29'", "TEXT", "2024-02-29"],
    ["date", "'infinity'", "TEXT", "infinity"],
    ["time without time zone", "'04:05:06.789'", "TEXT", "04:05:06.789"],
    ["time with time zone", "'04:05:06+00'", "TEXT", "04:05:06Z"],
    ["time with time zone", "'04:05:06-08'", "TEXT", "04:05:06-08"],
    ["timestamp without time zone", "'2024-02-29 04:05:06'", "TEXT", "2024-02-29T04:05:06.000000"],
    [
      "timestamp(3) without time zone",
      "'2024-02-29 04:05:06.1239'",
      "TEXT",
      "2024-02-29T04:05:06.124000",
    ],
    ["timestamp without time zone", "'0044-03-15 12:00:00 BC'", "TEXT", "0044-03-15 12:00:00 BC"],
    [
      "timestamp with time zone",
      "'2024-02-29 04:05:06.5+02'",
      "TEXT",
      "2024-02-29T02:05:06.500000Z",
    ],
    ["timestamp with time zone", "'-infinity'", "TEXT", "-infinity"],
    ["interval", "'1 year 2 mons 3 days 04:05:06.7'", "TEXT", "P1Y2M3DT4H5M6.7S"],
    ["json", `'{"b":1,  "a":"\\u0000"}'`, "TEXT", `{"b":1,  "a":"\\u0000"}`],
    ["jsonb", `'{"b":1,  "a":2}'`, "TEXT", `{"a": 2, "b": 1}`],
    ["xml", "'<a>b</a>'", "TEXT", "<a>b</a>"],
    ["inet", "'10.0.0.1/24'", "TEXT", "10.0.0.1/24"],
    ["cidr", "'10.0.0.0/8'", "TEXT", "10.0.0.0/8"],
    ["macaddr", "'08:00:2b:01:02:03'", "TEXT", "08:00:2b:01:02:03"],
    ["bit(4)", "B'1010'", "TEXT", "1010"],
    ["bit varying(8)", "B'101'", "TEXT", "101"],
    ["point", "'(1,2.5)'", "TEXT", "(1,2.5)"],
    ["int4range", "'[1,5]'", "TEXT", "[1,6)"],
    ["int4multirange", "'{[1,3), [5,7)}'", "TEXT", "{[1,3),[5,7)}"],
    ["tsvector", "'a fat cat'", "TEXT", "'a' 'cat' 'fat'"],
    ["integer[]", "'{1,NULL,3}'", "TEXT", "[1,null,3]"],
    ["integer[]", "'{{1,2},{3,4}}'", "TEXT", "[[1,2],[3,4]]"],
    ["integer[]", "'[0:1]={7,8}'", "TEXT", "[7,8]"],
    ["boolean[]", "'{t,f}'", "TEXT", "[true,false]"],
    ["bigint[]", "'{9223372036854775807}'", "TEXT", `["9223372036854775807"]`],
    [
      "text[]",
      `ARRAY['a "b"', 'c,d', 'NULL', NULL, '', 'e\\f', '{g}']`,
      "TEXT",
      `["a \\"b\\"","c,d","NULL",null,"","e\\\\f","{g}"]`,
    ],
    ["text[]", "'{}'", "TEXT", "[]"],
    [
      "timestamp with time zone[]",
      `'{"2024-01-01 00:00:00+00"}'`,
      "TEXT",
      `["2024-01-01T00:00:00.000000Z"]`,
    ],
    ["box[]", "'{(1,1),(0,0);(2,2),(1,1)}'", "TEXT", "{(1,1),(0,0);(2,2),(1,1)}"],
    ["constructor", "'a'", "TEXT", "a"],
    ["mood", "'so-so'", "TEXT", "so-so"],
    ["mood[]", "'{so-so}'", "TEXT", `["so-so"]`],
    ["year", "1999", "INTEGER", 1999],
    ["pair", "ROW(1, 'a,b')", "TEXT", `(1,"a,b")`],
  ];

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  const columns = cases.map(([type], index) => `"c${index}" ${type}`).join(", ");
  const values = cases.map(([, value]) => value).join(", ");
  await postgres.run(`${createSchema("newest")}
    CREATE TYPE constructor AS ENUM ('a');
    CREATE TYPE mood AS ENUM ('happy', 'so-so');
    CREATE DOMAIN year AS integer;
    CREATE TYPE pair AS (a integer, b text);
    CREATE TABLE everything (id integer PRIMARY KEY, ${columns});
    INSERT INTO everything VALUES (1, ${values});
    INSERT INTO everything (id) VALUES (2);`);
});
afterAll(() => postgres.stop());

test("every type has its type in SQLite, and keeps its value", async () => {
  const source = await openSource(postgres.url);
  const columns = source.shape.tables.get("everything")?.columns ?? [];
  const rows = [];
  for await (const row of source.scan("everything")) rows.push(row);
  await source.close();
  const [row, empty] = rows.sort((a, b) => Number(a.id) - Number(b.id));
  const found = cases.map(([type, value], index) => {
    const column = columns.find(({ name }) => name === `c${index}`) as SourceColumn;
    const stored = toStored(row?.[column.name] ?? null, column);
    return [type, value, sqliteTypeOf(column), stored];
  });
  expect(found).toEqual(cases);
  for (const column of columns.slice(1))
    expect(toStored(empty?.[column.name] ?? null, column)).toBeNull();
});
