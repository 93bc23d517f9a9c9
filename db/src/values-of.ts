import { type RawBuilder, sql } from "kysely";

/**
 * A list of values as a subquery, for `where("id", "in", valuesOf(ids))`. The list travels as one
 * JSON parameter, because D1 takes at most 100 parameters in a statement.
 *
 * @see https://developers.cloudflare.com/d1/platform/limits/
 */
export function valuesOf<Value extends string | number>(
  values: readonly Value[],
): RawBuilder<Value> {
  return sql<Value>`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}
