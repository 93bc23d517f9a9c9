/**
 * Checks which message has made which version of a document. No row of the source says it, so both
 * sides that say it in the target are held against each other: the cards in messages, and the versions.
 */
import type { Target } from "../../model.ts";
import type { Differences } from "../verification.ts";
import type { ReferenceResult } from "./references.ts";

const namedMax = 200;

/** The cards of imported messages, one row each. */
const cards = `SELECT messages.userId, messages.id AS messageId, messages.chatId,
    part.value -> 'data' AS data
  FROM messages CROSS JOIN json_each(messages.parts) AS part
  WHERE instr(messages.parts, '"data-document"') > 0 AND part.value ->> 'type' = 'data-document'
    AND part.value ->> '$.data.state' = 'complete'`;

const imported = "(SELECT id FROM importGroups WHERE kind = 'document')";

const checks = [
  {
    name: "cards in messages show a version of a document",
    table: "messages",
    column: "parts",
    sql: `SELECT card.messageId AS id, card.data AS value FROM (${cards}) AS card
      LEFT JOIN documents ON documents.userId = card.userId AND documents.id = card.data ->> 'documentId'
      LEFT JOIN documentVersions AS version ON version.userId = card.userId
        AND version.documentId = card.data ->> 'documentId' AND version.version = card.data ->> 'version'
      WHERE (documents.id IS NULL OR documents.id IN ${imported}) AND (
        version.version IS NULL
        OR (card.data ->> 'version' = documents.version AND (
          card.data ->> 'title' IS NOT documents.title OR card.data ->> 'kind' IS NOT documents.kind
          OR card.data ->> 'language' IS NOT documents.language))
        OR (card.data ->> 'action' <> 'suggest' AND version.messageId IS NULL)
        OR card.data ->> 'baseVersion' IS NOT (CASE WHEN card.data ->> 'action' = 'suggest'
          THEN version.version ELSE nullif(version.version - 1, 0) END))`,
  },
  {
    name: "versions that a message made are shown in it",
    table: "documentVersions",
    column: "messageId",
    sql: `SELECT version.documentId || ' ' || version.version AS id, version.messageId AS value
      FROM documentVersions AS version
      WHERE version.messageId IS NOT NULL AND version.documentId IN ${imported} AND NOT EXISTS (
        SELECT 1 FROM messages CROSS JOIN json_each(messages.parts) AS part
        WHERE messages.userId = version.userId AND messages.id = version.messageId
          AND part.value ->> 'type' = 'data-document'
          AND part.value ->> '$.data.documentId' = version.documentId
          AND part.value ->> '$.data.version' = version.version)`,
  },
  {
    name: "documents are beside the chat that made them",
    table: "documents",
    column: "chatId",
    sql: `SELECT documents.id, documents.chatId AS value FROM documents
      WHERE documents.id IN ${imported} AND documents.chatId IS NOT (
        SELECT messages.chatId FROM documentVersions AS version
        CROSS JOIN messages ON messages.userId = version.userId AND messages.id = version.messageId
        WHERE version.userId = documents.userId AND version.documentId = documents.id
        ORDER BY version.version LIMIT 1)`,
  },
] as const;

/** Runs the checks. A target into which nothing was imported has nothing to check. */
export async function checkLinks(
  target: Target,
  differences: Differences,
): Promise<readonly ReferenceResult[]> {
  const ledger = await target.query("content", {
    sql: "SELECT 1 FROM sqlite_schema WHERE name = 'importGroups'",
    params: [],
  });
  if (ledger.length === 0) return [];
  const results: ReferenceResult[] = [];
  for (const { name, table, column, sql } of checks) {
    const rows = await target.query<{ id: string; value: string | null; broken: number }>(
      "content",
      {
        sql: `SELECT *, count(*) OVER () AS broken FROM (${sql}) LIMIT ${namedMax}`,
        params: [],
      },
    );
    for (const { id, value } of rows) {
      differences.add({
        kind: "orphan",
        table,
        key: `id ${id}`,
        column,
        source: name,
        target: value,
      });
    }
    results.push({ name, broken: rows[0]?.broken ?? 0 });
  }
  return results;
}
