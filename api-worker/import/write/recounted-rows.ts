/**
 * Rows whose texts the product's triggers count as they come and go, and not as they change: versions
 * of documents, and suggestions. The product never changes those. One that the source has changed is
 * deleted here, and then written like a new one.
 */
import type { Statement } from "../model.ts";
import { quoted } from "../types/quoted.ts";
import type { EncodedRow, RowShape } from "./encode-rows.ts";
import { jsonOf, list } from "./row-statements.ts";

/** The columns that are counted. */
const countedColumns: Readonly<Record<string, readonly string[]>> = {
  documentVersions: ["content"],
  suggestions: ["original", "proposed", "reason"],
};

/**
 * Deletes those of the rows whose counted texts differ from what is there.
 *
 * @param rows of one table, which the same batch writes afterwards
 */
export function deleteRecountedRows(rows: readonly EncodedRow[]): Statement[] {
  const [first] = rows;
  const counted = first && countedColumns[first.shape.table];
  if (!counted) return [];
  const { shape } = first;
  const small = rows.filter(({ values }) => values === null);
  const statements = rows.flatMap((row) => (row.values ? [deleteLargeRow(row, counted)] : []));
  if (small.length > 0) {
    const place = (column: string) => `row.value ->> ${shape.columns.indexOf(column)}`;
    const isSame = shape.key.map((column) => `old.${quoted(column)} = ${place(column)}`);
    const differs = counted.map((column) => `old.${quoted(column)} IS NOT ${place(column)}`);
    statements.push({
      sql: `DELETE FROM ${quoted(shape.table)} WHERE rowid IN (
        SELECT old.rowid FROM json_each(?) AS row
        CROSS JOIN ${quoted(shape.table)} AS old ON ${isSame.join(" AND ")}
        WHERE ${differs.join(" OR ")})`,
      params: [jsonOf(small.map(({ json }) => json))],
    });
  }
  return shape.table === "documentVersions" ? [...statements, ...keepPictures(rows)] : statements;
}

function deleteLargeRow({ shape, key, values }: EncodedRow, counted: readonly string[]): Statement {
  const isSame = shape.key.map((column, index) => `${quoted(column)} = ?1 ->> ${index}`);
  const differs = counted.map((column, index) => `${quoted(column)} IS NOT ?${index + 2}`);
  const texts = counted.map((column) => values?.[shape.columns.indexOf(column)] ?? null);
  return {
    sql: `DELETE FROM ${quoted(shape.table)} WHERE ${isSame.join(" AND ")} AND (${differs.join(" OR ")})`,
    params: [key, ...texts],
  };
}

/** A picture whose version was just deleted is about to be deleted itself. The version comes back. */
function keepPictures(rows: readonly EncodedRow[]): Statement[] {
  const [first] = rows;
  if (!first) return [];
  const named = rows.filter(({ values, json }) => values === null && json.includes("/files/"));
  if (named.length === 0) return [];
  const place = (column: string) => `row.value ->> ${first.shape.columns.indexOf(column)}`;
  const content = place("content");
  return [
    {
      sql: `UPDATE uploads SET state = 'ready' WHERE state = 'deleting' AND (userId, id) IN (
        SELECT ${list([place("userId"), `substr(${content} ->> '$.url', 8)`])}
        FROM json_each(?) AS row WHERE json_valid(${content}))`,
      params: [jsonOf(named.map(({ json }) => json))],
    },
  ];
}

/**
 * Links messages that were there before with the files that they name now, as a trigger of the
 * product does for new ones.
 */
export function relinkFiles(rows: readonly EncodedRow[]): Statement[] {
  const shape: RowShape | undefined = rows[0]?.shape;
  if (shape?.table !== "messages") return [];
  const keys = jsonOf(rows.map(({ key }) => key));
  const files = `
    SELECT messages.userId, messages.id AS messageId, substr(part.value ->> 'url', 8) AS uploadId,
      messages.chatId
    FROM json_each(?1) AS rowKey
    CROSS JOIN messages ON messages.userId = rowKey.value ->> 0 AND messages.id = rowKey.value ->> 1
    CROSS JOIN json_each(messages.parts) AS part
    WHERE instr(messages.parts, '/files/') > 0 AND part.type = 'object'
      AND part.value ->> 'type' = 'file' AND substr(part.value ->> 'url', 1, 7) = '/files/'`;
  return [
    {
      sql: `INSERT OR IGNORE INTO messageFiles (userId, messageId, uploadId, chatId)
        SELECT file.userId, file.messageId, uploads.id, file.chatId FROM (${files}) AS file
        CROSS JOIN uploads ON uploads.userId = file.userId AND uploads.id = file.uploadId
          AND uploads.state = 'ready'`,
      params: [keys],
    },
    {
      sql: `DELETE FROM messageFiles
        WHERE (userId, messageId) IN (
          SELECT rowKey.value ->> 0, rowKey.value ->> 1 FROM json_each(?1) AS rowKey
        ) AND (userId, messageId, uploadId) NOT IN (
          SELECT file.userId, file.messageId, file.uploadId FROM (${files}) AS file
        )`,
      params: [keys],
    },
  ];
}
