/** Reads rows of the target in pages, by key, so that memory does not grow with the table. */
import type { Target, Value } from "../../model.ts";
import { quoted } from "../../types/quoted.ts";
import type { ComparedRow } from "../compare/compared-row.ts";
import { readOverflow } from "./overflow.ts";
import { inCommonForm } from "./stored-form.ts";
import type { StoredTable } from "./stored-tables.ts";

/** Rows of a page at most, and bytes: one row more may be read, and D1 lets none exceed 2 MB. */
const pageRows = 2_000;
const pageBytes = 4_000_000;

/**
 * Every row of a table, or those of some groups, in the order of the key. The next page is asked for
 * while the caller works on one.
 *
 * @param groupIds bounded by the caller
 */
export async function* readStoredRows(
  target: Target,
  table: StoredTable,
  groupIds?: readonly string[],
): AsyncGenerator<readonly ComparedRow[]> {
  let next: Promise<readonly Row[]> | null = readPage(target, table, null, groupIds);
  while (next) {
    const rows: readonly Row[] = await next;
    const last: Row | undefined = rows.at(-1);
    next = last ? readPage(target, table, last, groupIds) : null;
    // A failure of the next page is thrown where it is awaited, which may be never.
    next?.catch(() => {});
    if (rows.length > 0) {
      yield await Promise.all(rows.map((row) => toCompared(target, table, row)));
    }
  }
}

type Row = Readonly<Record<string, Value>>;

function readPage(
  target: Target,
  table: StoredTable,
  after: Row | null,
  groupIds: readonly string[] | undefined,
): Promise<readonly Row[]> {
  const conditions = ["true"];
  const params: Value[] = [];
  if (groupIds) {
    conditions.push(isInGroups(table));
    params.push(JSON.stringify(groupIds));
  }
  if (after) {
    conditions.push(`(${listOf(table.key, "rows.")}) > (${table.key.map(() => "?").join(", ")})`);
    params.push(...table.key.map((column) => after[column] as Value));
  }
  const sql = pageSql(table, conditions.join(" AND "));
  return target.query<Row>(table.database, { sql, params });
}

/**
 * The page's keys and sizes come first, so that no more large values are read than the page may
 * have.
 */
function pageSql(table: StoredTable, condition: string): string {
  const columns = `${listOf(table.columns, "rows.")}, ${table.group} AS "groupId"`;
  const order = `ORDER BY ${listOf(table.key, "rows.")}`;
  const limited = `FROM ${quoted(table.name)} AS rows WHERE ${condition} ${order} LIMIT ${pageRows}`;
  if (table.bytes === "0") return `SELECT ${columns} ${limited}`;
  const key = listOf(table.key, "");
  const isSame = table.key
    .map((name) => `rows.${quoted(name)} = sums.${quoted(name)}`)
    .join(" AND ");
  return `WITH page AS MATERIALIZED (SELECT ${listOf(table.key, "rows.")}, ${table.bytes} AS "rowBytes" ${limited}), sums AS MATERIALIZED (SELECT *, sum("rowBytes") OVER (ORDER BY ${key} ROWS UNBOUNDED PRECEDING) AS "bytesSoFar" FROM page) SELECT ${columns} FROM sums CROSS JOIN ${quoted(table.name)} AS rows ON ${isSame} WHERE "bytesSoFar" - "rowBytes" < ${pageBytes} ${order}`;
}

/**
 * Ids of groups lead no index, because the owner does. The subquery reads an index that has all it
 * needs, from end to end, and no row.
 */
function isInGroups(table: StoredTable): string {
  const ids = "(SELECT value FROM json_each(?))";
  if (table.name === "votes") {
    return `(rows.userId, rows.messageId) IN (SELECT userId, id FROM messages WHERE chatId IN ${ids})`;
  }
  if (table.bytes === "0") return `${table.group} IN ${ids}`;
  return `rows.rowid IN (SELECT rows.rowid FROM ${quoted(table.name)} AS rows WHERE ${table.group} IN ${ids})`;
}

/** Ids of a table's groups, in order, without repetition. */
export async function* listStoredGroups(
  target: Target,
  table: StoredTable,
): AsyncGenerator<string> {
  let after = "";
  while (true) {
    const rows = await target.query<{ id: string }>(table.database, {
      sql: `SELECT DISTINCT ${table.group} AS "id" FROM ${quoted(table.name)} AS rows WHERE ${table.group} > ? ORDER BY "id" LIMIT 20000`,
      params: [after],
    });
    for (const { id } of rows) yield id;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

async function toCompared(target: Target, table: StoredTable, row: Row): Promise<ComparedRow> {
  const values: Record<string, Value> = {};
  for (const column of table.columns) values[column] = row[column] ?? null;
  const groupId = row.groupId === null ? "" : String(row.groupId);
  const overflow = table.name === "messages" ? await readOverflow(target, messageOf(values)) : null;
  const common = inCommonForm(table.name, values);
  return { table, groupId, values: overflow ? { ...common, parts: overflow.form } : common };
}

function messageOf({ userId, id, parts }: Readonly<Record<string, Value | undefined>>) {
  return { userId: String(userId), id: String(id), parts: String(parts) };
}

function listOf(columns: readonly string[], prefix: string): string {
  return columns.map((column) => `${prefix}${quoted(column)}`).join(", ");
}
