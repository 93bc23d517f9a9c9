import type { Compilable, QueryExecutorProvider, RawBuilder } from "kysely";

/** A statement of a batch: a Kysely query builder, or raw SQL. */
export type BatchQuery<Row = unknown> = Compilable<Row> | RawBuilder<Row>;

/** The row types of a tuple of queries, each as an array. */
export type BatchResults<Queries extends readonly BatchQuery[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends
    | Compilable<infer Row>
    | RawBuilder<infer Row>
    ? Row[]
    : never;
};

/**
 * Runs queries as one D1 batch: one round trip, one transaction. Either all take effect or none.
 * `kysely-d1` has no interactive transactions, so this is the only way to make several writes hold
 * together.
 *
 * @param db the database
 * @param queries Kysely query builders and raw `sql`, run in order
 * @returns the rows of each query in the same order (`[]` for a write without RETURNING)
 * @throws what D1 throws; nothing was written then
 * @see https://developers.cloudflare.com/d1/worker-api/d1-database/#batch
 */
export async function runBatch<const Queries extends readonly BatchQuery[]>(
  db: { readonly d1: D1Database; readonly kysely: QueryExecutorProvider },
  queries: Queries,
): Promise<BatchResults<Queries>> {
  if (queries.length === 0) return [] as unknown as BatchResults<Queries>;
  const statements = queries.map((query) => {
    const { sql, parameters } = isRaw(query) ? query.compile(db.kysely) : query.compile();
    return db.d1.prepare(sql).bind(...parameters);
  });
  const results = await db.d1.batch(statements);
  return results.map((result) => result.results) as BatchResults<Queries>;
}

function isRaw(query: BatchQuery): query is RawBuilder<unknown> {
  return "isRawBuilder" in query;
}
