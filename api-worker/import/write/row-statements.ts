/** The statements that write rows. Each takes its rows as one JSON parameter. */

import type { DatabaseName, Statement, Value } from "../model.ts";
import { quoted } from "../types/quoted.ts";
import { type EncodedRow, parameterMaxBytes, type RowShape } from "./encode-rows.ts";

/** A statement, and where it belongs. */
export interface Step {
  readonly database: DatabaseName;
  readonly statement: Statement;
}

/** A step in the content database, with one parameter, as JSON. */
export function contentStep(sql: string, parameter: unknown): Step {
  return { database: "content", statement: { sql, params: [JSON.stringify(parameter)] } };
}

export const list = (parts: readonly string[]): string => parts.join(", ");

/** A JSON array of items that are JSON already. */
export const jsonOf = (items: readonly string[]): string => `[${items.join(",")}]`;

/**
 * Columns that a row of ours keeps when something was made here that they tell of, as an expression
 * for the new value. What a chat shows stays what people see, when they have continued it.
 */
const keptColumns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  chats: {
    currentMessageId: ifNotContinued("currentMessageId"),
    updatedAt: ifNotContinued("updatedAt"),
  },
  // The same file may come with another chat too, and stays the first one's until it is given up.
  uploads: { chatId: ofFirstChat("chatId"), createdAt: ofFirstChat("createdAt") },
};

function ofFirstChat(column: string): string {
  return `iif(uploads.state = 'ready' AND uploads.chatId IS NOT excluded.chatId,
    uploads.${column}, excluded.${column})`;
}

function ifNotContinued(column: string): string {
  return `CASE WHEN chats.currentMessageId IS NULL OR EXISTS (
    SELECT 1 FROM importRows, json_each(importRows.rowKeys) AS rowKey
    WHERE importRows.kind = 'chat' AND importRows.groupId = chats.id
      AND importRows.tableName = 'messages' AND rowKey.value ->> 1 = chats.currentMessageId
  ) THEN excluded.${column} ELSE chats.${column} END`;
}

/** Writes rows, and leaves a row as it is that is the same already. */
export function upsertRows(rows: readonly EncodedRow[]): Statement[] {
  const [first] = rows;
  if (!first) return [];
  const { shape } = first;
  const small = rows.filter(({ values }) => values === null);
  const statements = rows.flatMap(({ values }) => (values ? [upsertLargeRow(shape, values)] : []));
  if (small.length > 0) {
    const values = shape.columns.map((_, index) => `row.value ->> ${index}`);
    statements.unshift({
      sql: `${insertInto(shape)} SELECT ${list(values)} FROM json_each(?) AS row WHERE true ${onConflict(shape)}`,
      params: [jsonOf(small.map(({ json }) => json))],
    });
  }
  return statements;
}

/** Characters of a text that is bound by itself. */
const boundTextMinLength = 10_000;

/** A row whose JSON is too large: its long texts are parameters of their own. */
function upsertLargeRow(shape: RowShape, values: readonly Value[]): Statement {
  const isLong = (value: Value) => typeof value === "string" && value.length >= boundTextMinLength;
  const params: Value[] = [JSON.stringify(values.map((value) => (isLong(value) ? null : value)))];
  const expressions = values.map((value, index) => {
    if (!isLong(value)) return `?1 ->> ${index}`;
    params.push(value);
    return `?${params.length}`;
  });
  return { sql: `${insertInto(shape)} VALUES (${list(expressions)}) ${onConflict(shape)}`, params };
}

const insertInto = ({ table, columns }: RowShape): string =>
  `INSERT INTO ${quoted(table)} (${list(columns.map(quoted))})`;

function onConflict({ table, key, columns }: RowShape): string {
  const kept = keptColumns[table] ?? {};
  const others = columns.filter((column) => !key.includes(column));
  const target = `ON CONFLICT (${list(key.map(quoted))})`;
  if (others.length === 0) return `${target} DO NOTHING`;
  const sets = others.map((column) => {
    return `${quoted(column)} = ${kept[column] ?? `excluded.${quoted(column)}`}`;
  });
  const differs = others.map((column) => {
    return `${quoted(table)}.${quoted(column)} IS NOT excluded.${quoted(column)}`;
  });
  return `${target} DO UPDATE SET ${list(sets)} WHERE ${differs.join(" OR ")}`;
}

/** JSON items as few parameters, each of which D1 takes. */
export function inParameters(items: readonly string[]): string[] {
  const parameters: string[][] = [];
  let bytes = parameterMaxBytes;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(item) + 1;
    if (bytes + itemBytes > parameterMaxBytes) {
      parameters.push([]);
      bytes = 0;
    }
    parameters.at(-1)?.push(item);
    bytes += itemBytes;
  }
  return parameters.map(jsonOf);
}

/** A subquery for the keys in parameters. */
function keysIn(key: readonly string[], parameters: readonly string[]): string {
  const values = list(key.map((_, index) => `rowKey.value ->> ${index}`));
  const rows = list(parameters.map((_, at) => `(?${at + 1})`));
  return `SELECT ${values} FROM (VALUES ${rows}) AS list, json_each(list.column1) AS rowKey`;
}

/**
 * Deletes rows that came from the source and are there no more. A message that others follow that
 * were written here stays, with all before it.
 *
 * @param keys JSON arrays
 */
export function deleteRows(
  { table, key }: Pick<RowShape, "table" | "key">,
  keys: readonly string[],
): Statement[] {
  if (keys.length === 0) return [];
  const params = inParameters(keys);
  const gone = keysIn(key, params);
  if (table === "uploads") return leaveUploads(gone).map((sql) => ({ sql, params }));
  if (table !== "messages") {
    const columns = list(key.map(quoted));
    return [{ sql: `DELETE FROM ${quoted(table)} WHERE (${columns}) IN (${gone})`, params }];
  }
  const sql = `
    WITH RECURSIVE gone (userId, id) AS (${gone}), kept (userId, id) AS (
      SELECT messages.userId, messages.parentId FROM gone
      CROSS JOIN messages ON messages.userId = gone.userId AND messages.parentId = gone.id
      WHERE (messages.userId, messages.id) NOT IN gone
      UNION
      SELECT messages.userId, messages.parentId FROM kept
      CROSS JOIN messages ON messages.userId = kept.userId AND messages.id = kept.id
      WHERE (messages.userId, messages.parentId) IN gone
    )
    DELETE FROM messages WHERE (userId, id) IN gone AND (userId, id) NOT IN kept`;
  return [{ sql, params }];
}

/**
 * Statements for files that a group no longer has: what another chat shows is of that chat from now
 * on, and what nothing uses is given up. The product's cron deletes its object, and then its row.
 *
 * @param keys a subquery for owners and ids
 */
export function leaveUploads(keys: string): readonly string[] {
  return [moveUploads(keys), deleteUnusedUploads(keys)];
}

function moveUploads(keys: string): string {
  const uses = `messageFiles AS file
    CROSS JOIN messages ON messages.userId = file.userId AND messages.id = file.messageId
    WHERE file.userId = uploads.userId AND file.uploadId = uploads.id`;
  return `UPDATE uploads SET (chatId, createdAt) = (
      SELECT file.chatId, messages.createdAt FROM ${uses} ORDER BY messages.createdAt, messages.id LIMIT 1)
    WHERE state = 'ready' AND (userId, id) IN (${keys})
    AND EXISTS (SELECT 1 FROM ${uses}) AND NOT EXISTS (SELECT 1 FROM ${uses}
      AND file.chatId IS uploads.chatId AND messages.createdAt = uploads.createdAt)`;
}

function deleteUnusedUploads(keys: string): string {
  const isUsed = (table: string) => `EXISTS (SELECT 1 FROM ${table}
    WHERE ${table}.userId = uploads.userId AND ${table}.uploadId = uploads.id)`;
  return `UPDATE uploads SET state = 'deleting' WHERE state = 'ready' AND draftedAt IS NULL
    AND (userId, id) IN (${keys})
    AND NOT ${isUsed("messageFiles")} AND NOT ${isUsed("documentFiles")}`;
}
