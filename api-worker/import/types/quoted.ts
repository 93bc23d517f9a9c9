/** A table's or a column's name in SQL, as Postgres and SQLite take any. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
