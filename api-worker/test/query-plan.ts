/** Records the statements of a call, and SQLite's plan for each. */
import { env } from "cloudflare:workers";

/** A statement with its parameters, and the steps of its plan, one per line. */
export interface ExplainedStatement {
  readonly sql: string;
  readonly plan: readonly string[];
}

type Binding = "HOME" | "CONTENT_0";

/**
 * Watches the databases during a call.
 *
 * @returns the statements on both, in order, each with its plan
 */
export async function explain(call: () => Promise<unknown>): Promise<ExplainedStatement[]> {
  const seen: { sql: string; statement: D1PreparedStatement }[] = [];
  const real = { HOME: env.HOME, CONTENT_0: env.CONTENT_0 };
  for (const name of Object.keys(real) as Binding[]) env[name] = watch(real[name], seen);
  try {
    await call();
  } finally {
    Object.assign(env, real);
  }
  return Promise.all(
    seen.map(async ({ sql, statement }) => {
      const { results } = await statement.all<{ detail: string }>();
      return { sql, plan: results.map(({ detail }) => detail) };
    }),
  );
}

/** A database that also prepares an EXPLAIN for each statement. */
function watch(d1: D1Database, seen: { sql: string; statement: D1PreparedStatement }[]) {
  return {
    prepare: (sql: string) => ({
      bind: (...parameters: unknown[]) => {
        const statement = d1.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...parameters);
        seen.push({ sql, statement });
        return d1.prepare(sql).bind(...parameters);
      },
    }),
    batch: (statements: D1PreparedStatement[]) => d1.batch(statements),
  } as unknown as D1Database;
}

/** The steps that scan a whole table or sort. A virtual table is its own index. */
export function slowSteps(plan: readonly string[]): string[] {
  return plan.filter(
    (step) => /TEMP B-TREE/.test(step) || (/^SCAN /.test(step) && !/VIRTUAL TABLE/.test(step)),
  );
}
