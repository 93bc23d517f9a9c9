import type { Compilable } from "kysely";

/** The row types of a tuple of queries, each as an array. */
export type BatchResults<Queries extends readonly Compilable<unknown>[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? Row[] : never;
};

/**
 * Runs compiled Kysely queries as one D1 batch: one round trip, one transaction. Either all take
 * effect or none. `kysely-d1` has no interactive transactions, so this is the only way to make
 * several writes hold together.
 *
 * @param db the database, or anything else with its `d1` binding
 * @param queries Kysely query builders, run in order
 * @returns the rows of each query in the same order (`[]` for a write without RETURNING)
 * @throws what D1 throws; nothing was written then
 * @see https://developers.cloudflare.com/d1/worker-api/d1-database/#batch
 */
export async function runBatch<const Queries extends readonly Compilable<unknown>[]>(
  db: { readonly d1: D1Database },
  queries: Queries,
): Promise<BatchResults<Queries>> {
  if (queries.length === 0) return [] as unknown as BatchResults<Queries>;
  const statements = queries.map((query) => {
    const { sql, parameters } = query.compile();
    return db.d1.prepare(sql).bind(...parameters);
  });
  const results = await db.d1.batch(statements);
  return results.map((result) => result.results) as BatchResults<Queries>;
}
