/** Finds what people made in the product in the midst of what was imported. */
import type { Finding, Target } from "../model.ts";
import { groupName, type KnownRows } from "./ledger.ts";
import { inParameters } from "./row-statements.ts";

interface DocumentGroup {
  readonly id: string;
  readonly userId: string | null;
}

/**
 * Finds documents that were edited here since they were imported. Their next versions have the
 * numbers that those of the source would get, so nothing of the source is written to them any more.
 *
 * @param documents groups that the ledger knows
 */
export async function listEditedHere(
  target: Target,
  documents: readonly DocumentGroup[],
  known: ReadonlyMap<string, KnownRows>,
): Promise<readonly Finding[]> {
  if (documents.length === 0) return [];
  const rows = await target.query<{ id: string; rowKey: string }>("content", {
    sql: `
      SELECT documentId AS id, json_array(userId, documentId, version) AS rowKey
      FROM json_each(?) AS one
      CROSS JOIN documentVersions ON userId = one.value ->> 0 AND documentId = one.value ->> 1`,
    params: [JSON.stringify(documents.map(({ id, userId }) => [userId, id]))],
  });
  const edited = new Set<string>();
  for (const { id, rowKey } of rows) {
    const keys = known.get(groupName({ kind: "document", id }))?.keys.get("documentVersions");
    if (!keys?.has(rowKey)) edited.add(id);
  }
  return [...edited].map((id) => ({
    code: "edited-here",
    table: "Document",
    id,
    text: "This document was edited here since it was imported. What changed at the source was not copied.",
  }));
}

/**
 * Finds which of the messages that the source has no more are still there, because others follow them
 * that were written here.
 *
 * @param keys JSON arrays of owner and id
 */
export async function listKeptMessages(
  target: Target,
  keys: readonly string[],
): Promise<readonly Finding[]> {
  const ids: string[] = [];
  for (const parameter of inParameters(keys)) {
    const rows = await target.query<{ id: string }>("content", {
      sql: `SELECT messages.id FROM json_each(?) AS rowKey
        CROSS JOIN messages ON userId = rowKey.value ->> 0 AND messages.id = rowKey.value ->> 1`,
      params: [parameter],
    });
    for (const { id } of rows) ids.push(id);
  }
  return ids.map((id) => ({
    code: "message-kept",
    table: "Message_v2",
    id,
    text: "This message is no more at the source. It stays here, because the conversation went on from it.",
  }));
}
