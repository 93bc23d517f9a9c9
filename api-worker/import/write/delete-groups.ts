import type { Finding, GroupKey, GroupKind, Target } from "../model.ts";
import { quoted } from "../types/quoted.ts";
import { runSteps } from "./batches.ts";
import { keptDigest, readKnownRows } from "./ledger.ts";
import { madeHere } from "./made-here-sql.ts";
import { contentStep, deleteRows, leaveUploads, type Step } from "./row-statements.ts";
import { byTableOrder, databaseOf, TableKeys } from "./table-facts.ts";
import type { WriteOptions } from "./write-groups.ts";

export interface DeleteTotals {
  readonly deleted: number;
  /** Groups that stay because of what people made here. */
  readonly kept: number;
}

/** Groups of one batch. */
const groupsPerBatch = 50;

/** Children first: a user goes after the chats, and those after their documents. */
const deletionOrder: readonly GroupKind[] = ["legacy", "document", "chat", "user"];

/**
 * Deletes groups that the source has no more, with all rows that came from them. A group to which
 * people added something here stays whole, and is reported: a chat with messages or documents from
 * here, a document that was edited here, an account with content from here. A later run tries again.
 *
 * @throws what the target throws; a second run goes on from there
 */
export async function deleteGroups(
  target: Target,
  groups: readonly GroupKey[],
  options: Pick<WriteOptions, "onFinding" | "signal"> & {
    /** Called after each batch. */
    readonly onProgress?: (totals: DeleteTotals) => void;
  } = {},
): Promise<DeleteTotals> {
  const keys = new TableKeys(target);
  let totals: DeleteTotals = { deleted: 0, kept: 0 };
  for (const kind of deletionOrder) {
    const ids = groups.filter((group) => group.kind === kind).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += groupsPerBatch) {
      options.signal?.throwIfAborted();
      const some = ids.slice(at, at + groupsPerBatch);
      const kept = await deleteSome(target, keys, kind, some);
      for (const id of kept) options.onFinding?.(keptFinding(kind, id));
      totals = {
        deleted: totals.deleted + some.length - kept.length,
        kept: totals.kept + kept.length,
      };
      options.onProgress?.(totals);
    }
  }
  return totals;
}

/** @returns the ids of those that stay */
async function deleteSome(
  target: Target,
  keys: TableKeys,
  kind: GroupKind,
  ids: readonly string[],
): Promise<readonly string[]> {
  const steps = [
    ...markSteps(kind, ids),
    ...(await deletionSteps(target, keys, kind, ids)),
    ...(kind === "chat" ? [contentStep(noteDeletedChats, ids)] : []),
    ...(kind === "user" ? forgetOwners(ids) : []),
    ...forgetGroups(kind, ids),
  ];
  await runSteps(target, steps);
  const kept = await target.query<{ id: string }>("content", {
    sql: `SELECT importGroups.id FROM json_each(?1) AS one
      CROSS JOIN importGroups ON kind = '${kind}' AND importGroups.id = one.value
      ORDER BY importGroups.id`,
    params: [JSON.stringify(ids)],
  });
  return kept.map(({ id }) => id);
}

/** Marks the groups that stay, in the same batch as the deletions, so that none is missed. */
function markSteps(kind: GroupKind, ids: readonly string[]): Step[] {
  const conditions = madeHere[kind];
  return [
    contentStep(
      `INSERT INTO importGroups (kind, id, digest) SELECT '${kind}', value, '' FROM json_each(?1)
        WHERE true ON CONFLICT (kind, id) DO UPDATE SET digest = ''`,
      ids,
    ),
    ...(conditions.length === 0
      ? []
      : [
          contentStep(
            `UPDATE importGroups SET digest = '${keptDigest}'
              WHERE kind = '${kind}' AND id IN (SELECT value FROM json_each(?1))
                AND (${conditions.join(" OR ")})`,
            ids,
          ),
        ]),
  ];
}

/** The groups of the parameter that go. */
const goingIds = (kind: GroupKind) => `
  SELECT id FROM importGroups
  WHERE kind = '${kind}' AND digest <> '${keptDigest}' AND id IN (SELECT value FROM json_each(?1))`;

/** The keys of their rows, as `rowKey.value`. */
const goingKeys = (kind: GroupKind, table: string) => `
  importRows JOIN json_each(importRows.rowKeys) AS rowKey
    ON importRows.kind = '${kind}' AND importRows.tableName = ${sqlText(table)}
    AND importRows.groupId IN (${goingIds(kind)})`;

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function deletionSteps(
  target: Target,
  keys: TableKeys,
  kind: GroupKind,
  ids: readonly string[],
): Promise<Step[]> {
  const tables = await listTables(target, kind, ids);
  const steps: Step[] = [];
  for (const table of tables
    .filter((one) => one !== "uploads")
    .sort((a, b) => byTableOrder(b, a))) {
    if (databaseOf(table) === "home" && !target.isOneDatabase) {
      steps.push(...(await homeSteps(target, keys, kind, table, ids)));
      continue;
    }
    const key = await keys.of(table);
    const columns = key.map(quoted).join(", ");
    const values = key.map((_, at) => `rowKey.value ->> ${at}`).join(", ");
    const sql = `DELETE FROM ${quoted(table)}
      WHERE (${columns}) IN (SELECT ${values} FROM ${goingKeys(kind, table)})`;
    steps.push(contentStep(sql, ids));
  }
  if (!tables.includes("uploads")) return steps;
  const values = "rowKey.value ->> 0, rowKey.value ->> 1";
  const left = leaveUploads(`SELECT ${values} FROM ${goingKeys(kind, "uploads")}`);
  return [...steps, ...left.map((sql) => contentStep(sql, ids))];
}

async function listTables(
  target: Target,
  kind: GroupKind,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await target.query<{ tableName: string }>("content", {
    sql: `SELECT DISTINCT tableName FROM json_each(?1) AS one
      CROSS JOIN importRows ON kind = '${kind}' AND groupId = one.value`,
    params: [JSON.stringify(ids)],
  });
  return rows.map(({ tableName }) => tableName);
}

/**
 * Rows in a home database of its own, which cannot see the ledger. The marks are set before, so an
 * account that gets its first content in this moment would lose its login.
 */
async function homeSteps(
  target: Target,
  keys: TableKeys,
  kind: GroupKind,
  table: string,
  ids: readonly string[],
): Promise<Step[]> {
  await runSteps(target, markSteps(kind, ids));
  const going = await target.query<{ id: string }>("content", {
    sql: goingIds(kind),
    params: [JSON.stringify(ids)],
  });
  const known = await readKnownRows(
    target,
    going.map(({ id }) => ({ kind, id })),
  );
  const rowKeys = [...known.values()].flatMap((group) => [...(group.keys.get(table) ?? [])]);
  const key = await keys.of(table);
  return deleteRows({ table, key }, rowKeys).map((statement) => ({ database: "home", statement }));
}

/** The index of its owner forgets a chat. Documents are noted by triggers of the product. */
const noteDeletedChats = `
  INSERT INTO searchChanges (userId, chatId, scope)
  SELECT DISTINCT rowKey.value ->> 0, rowKey.value ->> 1, 'chat' FROM ${goingKeys("chat", "chats")}`;

/** What the product keeps of an owner beside the content. */
function forgetOwners(ids: readonly string[]): Step[] {
  return ["usageDays", "preferences", "searchChanges", "contentUse"].map((table) =>
    contentStep(`DELETE FROM ${table} WHERE userId IN (${goingIds("user")})`, ids),
  );
}

function forgetGroups(kind: GroupKind, ids: readonly string[]): Step[] {
  return [
    contentStep(
      `DELETE FROM importRows WHERE kind = '${kind}' AND groupId IN (${goingIds(kind)})`,
      ids,
    ),
    contentStep(
      `DELETE FROM importGroups WHERE kind = '${kind}' AND id IN (${goingIds(kind)})`,
      ids,
    ),
  ];
}

const keptSentences: Readonly<Record<GroupKind, readonly [table: string, sentence: string]>> = {
  legacy: ["", "These rows are no more at the source, and stay here."],
  document: [
    "Document",
    "This document is no more at the source. It stays here, because it was edited here.",
  ],
  chat: [
    "Chat",
    "This chat is no more at the source. It stays here, because it was continued here.",
  ],
  user: [
    "User",
    "This account is no more at the source. It stays here, because it has chats, documents or files here.",
  ],
};

function keptFinding(kind: GroupKind, id: string): Finding {
  const [table, text] = keptSentences[kind];
  return { code: `${kind}-kept`, table, id, text };
}
