/**
 * Whether an object's database has a table. Objects make their tables at the first write, so that a
 * read of one that holds nothing leaves no trace.
 */
export function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", name).toArray().length > 0;
}
