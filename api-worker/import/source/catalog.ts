import type { SourceColumn, SourceTable } from "../model.ts";
import type { Connection } from "./connect.ts";

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly baseType: string;
  readonly isNullable: "t" | "f";
}

/** Reads the tables of a schema from the catalogue, with their columns and primary keys. */
export async function readCatalog(
  connection: Connection,
  schema: string,
): Promise<ReadonlyMap<string, SourceTable>> {
  const columns = await connection.query<ColumnRow>(
    `WITH RECURSIVE base AS (
      SELECT oid, oid AS base, typbasetype, typtypmod, -1 AS modifier FROM pg_type
      UNION ALL
      SELECT base.oid, under.oid, under.typbasetype, under.typtypmod, base.typtypmod
      FROM base JOIN pg_type AS under ON under.oid = base.typbasetype
    ), bottom AS (SELECT * FROM base WHERE typbasetype = 0)
    SELECT class.relname AS "table", attname AS name, format_type(atttypid, atttypmod) AS type,
      CASE WHEN bottom.base = atttypid THEN format_type(atttypid, atttypmod)
        ELSE format_type(bottom.base, bottom.modifier) END AS "baseType",
      NOT attnotnull AS "isNullable"
    FROM pg_attribute
    JOIN pg_class AS class ON class.oid = attrelid
    JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
    LEFT JOIN bottom ON bottom.oid = atttypid
    WHERE nspname = $1 AND relkind IN ('r', 'p') AND NOT relispartition
      AND attnum > 0 AND NOT attisdropped
    ORDER BY relname, attnum`,
    [schema],
  );
  const keys = await connection.query<{ table: string; column: string }>(
    `SELECT class.relname AS "table", attname AS "column"
    FROM pg_index
    JOIN pg_class AS class ON class.oid = indrelid
    JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
    CROSS JOIN LATERAL unnest(indkey::int2[]) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = part.number
    WHERE indisprimary AND nspname = $1
    ORDER BY relname, place`,
    [schema],
  );
  const byTable = Map.groupBy(columns, ({ table }) => table);
  const keysOf = Map.groupBy(keys, ({ table }) => table);
  return new Map(
    [...byTable].map(([name, rows]) => [
      name,
      {
        name,
        columns: rows.map(toColumn),
        primaryKey: (keysOf.get(name) ?? []).map(({ column }) => column),
      },
    ]),
  );
}

function toColumn({ name, type, baseType, isNullable }: ColumnRow): SourceColumn {
  return { name, type, baseType, isNullable: isNullable === "t" };
}
