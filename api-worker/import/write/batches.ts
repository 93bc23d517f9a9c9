import type { DatabaseName, Statement, Target } from "../model.ts";
import type { Step } from "./row-statements.ts";

/**
 * Runs steps in order, in as few batches as there can be: one, when home and content are one
 * database. Each batch is all or nothing. The order is such that a run that ends after any of the
 * batches, or even of the statements, is completed by the next run.
 */
export async function runSteps(target: Target, steps: readonly Step[]): Promise<void> {
  let statements: Statement[] = [];
  let database: DatabaseName = "content";
  for (const step of steps) {
    const next = target.isOneDatabase ? "content" : step.database;
    if (next !== database && statements.length > 0) {
      await target.batch(database, statements);
      statements = [];
    }
    database = next;
    statements.push(step.statement);
  }
  if (statements.length > 0) await target.batch(database, statements);
}
