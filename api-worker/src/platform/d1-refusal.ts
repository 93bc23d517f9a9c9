/**
 * SQLite's result codes for a statement that it will not run, however often it is asked: a broken
 * constraint, a value or a statement that is too long, wrong SQL, a value of the wrong type.
 */
const refusalCodes = /\bSQLITE_(CONSTRAINT|TOOBIG|ERROR|MISMATCH|RANGE)\b|\bD1_TYPE_ERROR\b/;
/** Wrong SQL only until the migration that belongs to the code has run. */
const schemaIsOlder = /\bno such (table|column)\b|\bhas no column named\b/;

/**
 * Whether D1 has refused a statement for good: the same statement will be refused again, unless its
 * data or the code changes. False for what may pass by itself: a lost connection, an overloaded,
 * locked or full database, a schema that is not migrated yet, and everything that is not known.
 *
 * @param error what D1 threw
 * @see https://developers.cloudflare.com/d1/observability/debug-d1/
 */
export function isRefusedForGood(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return refusalCodes.test(message) && !schemaIsOlder.test(message);
}
