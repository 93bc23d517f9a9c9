import type { GroupKind } from "../model.ts";

/**
 * Conditions on a row of `importGroups`, by its kind: each is true when people added rows here to the
 * group, of which the ledger knows nothing.
 */
export const madeHere: Readonly<Record<GroupKind, readonly string[]>> = {
  legacy: [],
  document: [
    hasMore("document", "documentVersions", ["userId", "documentId", "version"]),
    hasMore("document", "suggestions", ["userId", "documentId", "id"]),
  ],
  chat: [
    hasMore("chat", "messages", ["userId", "id"]),
    // Those that came from the source went before, or stay because they were edited here.
    `EXISTS (SELECT 1 FROM ${owners("chat")}
      JOIN documents ON documents.userId = owner.value ->> 0 AND documents.chatId = importGroups.id)`,
  ],
  user: [
    "EXISTS (SELECT 1 FROM chats WHERE userId = importGroups.id)",
    "EXISTS (SELECT 1 FROM documents WHERE userId = importGroups.id)",
    "EXISTS (SELECT 1 FROM uploads WHERE userId = importGroups.id AND state <> 'deleting')",
    "EXISTS (SELECT 1 FROM openStreams WHERE userId = importGroups.id)",
  ],
};

/** The owner of a group, as the first value of `owner`: that of its chat or document. */
function owners(kind: "chat" | "document"): string {
  return `importRows AS head
    JOIN json_each(head.rowKeys) AS owner ON head.kind = '${kind}' AND head.groupId = importGroups.id
      AND head.tableName = '${kind}s'`;
}

/** There are more rows of a table than the ledger has keys of such that exist. */
function hasMore(kind: "chat" | "document", table: string, key: readonly string[]): string {
  const ofGroup = `${table}.${kind}Id = importGroups.id`;
  const isKnown = key.map((column, at) => `${table}.${column} = rowKey.value ->> ${at}`);
  return `
    (SELECT count(DISTINCT ${table}.${key.at(-1)}) FROM ${owners(kind)}
      CROSS JOIN ${table} ON ${table}.userId = owner.value ->> 0 AND ${ofGroup})
    > (SELECT count(DISTINCT rowKey.value) FROM importRows AS known
      JOIN json_each(known.rowKeys) AS rowKey ON known.kind = '${kind}'
        AND known.groupId = importGroups.id AND known.tableName = '${table}'
      CROSS JOIN ${table} ON ${isKnown.join(" AND ")} AND ${ofGroup})`;
}
