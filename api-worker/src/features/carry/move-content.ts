/** Moves a guest's content to an account, in one transaction of the content database. */
import {
  type BatchQuery,
  type ContentDb,
  type ContentTable,
  contentTables,
  runBatch,
  sql,
  type TableWith,
  tablesWith,
} from "db";
import { newId } from "../../platform/ids.ts";
import { fitStorage, type StorageLimits } from "../limits/storage.ts";
import { noteMovingChats } from "../search/note-changes.ts";

type Statement = ReturnType<typeof sql>;

interface Move {
  readonly fromUserId: string;
  readonly toUserId: string;
}

/** Merges the rows of a table with the rows that the other user has. */
const mergeRows: Record<TableWith<"carry", "merge">, (move: Move) => Statement[]> = {
  usageDays: ({ fromUserId, toUserId }) => [
    sql`INSERT INTO usageDays (userId, day, modelId, answers, inputTokens, outputTokens, costNanos)
      SELECT ${toUserId}, day, modelId, answers, inputTokens, outputTokens, costNanos
      FROM usageDays WHERE userId = ${fromUserId}
      ON CONFLICT (userId, day, modelId) DO UPDATE SET
        answers = usageDays.answers + excluded.answers,
        inputTokens = usageDays.inputTokens + excluded.inputTokens,
        outputTokens = usageDays.outputTokens + excluded.outputTokens,
        costNanos = usageDays.costNanos + excluded.costNanos`,
    sql`DELETE FROM usageDays WHERE userId = ${fromUserId}`,
  ],
  // The triggers have counted each row for its new owner.
  contentUse: ({ fromUserId }) => [sql`DELETE FROM contentUse WHERE userId = ${fromUserId}`],
  // The account's own preferences win.
  preferences: ({ fromUserId, toUserId }) => [
    sql`INSERT INTO preferences (userId, modelId, updatedAt)
      SELECT ${toUserId}, modelId, updatedAt FROM preferences WHERE userId = ${fromUserId}
      ON CONFLICT DO NOTHING`,
    sql`DELETE FROM preferences WHERE userId = ${fromUserId}`,
  ],
};

/** Moves the rows of the tables that need statements of their own. */
const moveRows: Record<TableWith<"carry", "own">, (move: Move) => Statement> = {
  chats: ({ fromUserId, toUserId }) => sql`UPDATE chats
    SET userId = ${toUserId}, objectName = coalesce(objectName, userId || '/' || id),
      -- The account may have had the rest of the same import.
      importKey = NULL
    WHERE userId = ${fromUserId} RETURNING id`,
  // The account's search index gets the chats as a whole. The guest's is deleted.
  searchChanges: ({ fromUserId }) => sql`DELETE FROM searchChanges WHERE userId = ${fromUserId}`,
};

/**
 * Moves all content from one user to another, as the registry of content tables says. A chat's
 * object keeps its name, because an answer may be live in it. Chats and messages whose ids the
 * other user already has (both imported the same file) get new ids. Safe to run again.
 *
 * @param storage the other user's limits, which everything together must fit into
 * @returns the new ids of the moved chats
 * @throws what D1 throws; nothing was moved then. `isStorageRefusal` knows the error for a full
 *   storage
 */
export async function moveContent(
  content: ContentDb,
  fromUserId: string,
  toUserId: string,
  storage: StorageLimits,
): Promise<string[]> {
  const move = { fromUserId, toUserId };
  const moveChats = moveRows.chats(move);
  const statements: BatchQuery[] = [
    // Foreign keys include the owner. They hold again at the end.
    sql`PRAGMA defer_foreign_keys = ON`,
    ...(await renameTaken(content, move)),
    ...tablesWith("carry", "update").map((table) => {
      const owner = sql.ref(contentTables[table].owner);
      return sql`UPDATE ${sql.table(table)} SET ${owner} = ${toUserId} WHERE ${owner} = ${fromUserId}`;
    }),
    ...tablesWith("carry", "merge").flatMap((table) => mergeRows[table](move)),
    noteMovingChats(fromUserId, toUserId),
    moveChats,
    moveRows.searchChanges(move),
    fitStorage(toUserId, storage, "answer"),
  ];
  const results = await runBatch(content, statements);
  const moved = results[statements.indexOf(moveChats)] as unknown as { id: string }[];
  return moved.map(({ id }) => id);
}

/**
 * Builds statements that give new ids to chats, and their messages, whose ids are taken: in every
 * column that the registry lists for them.
 */
async function renameTaken(
  { kysely }: ContentDb,
  { fromUserId, toUserId }: Move,
): Promise<Statement[]> {
  const { rows } = await sql<{ chatId: string; messageId: string | null }>`
    SELECT chats.id AS chatId, messages.id AS messageId
    FROM chats
    LEFT JOIN messages ON messages.userId = chats.userId AND messages.chatId = chats.id
    WHERE chats.userId = ${fromUserId} AND (
      EXISTS (SELECT 1 FROM chats AS taken WHERE taken.userId = ${toUserId} AND taken.id = chats.id)
      OR EXISTS (
        SELECT 1 FROM messages AS mine
        JOIN messages AS taken ON taken.userId = ${toUserId} AND taken.id = mine.id
        WHERE mine.userId = chats.userId AND mine.chatId = chats.id
      )
    )`.execute(kysely);
  if (rows.length === 0) return [];
  const newIds: NewIds = {
    chatIds: JSON.stringify(newIdsFor(rows.map(({ chatId }) => chatId))),
    messageIds: JSON.stringify(newIdsFor(rows.flatMap(({ messageId }) => messageId ?? []))),
  };
  return [
    sql`UPDATE chats SET objectName = coalesce(objectName, userId || '/' || id)
      WHERE userId = ${fromUserId} AND id IN (SELECT key FROM json_each(${newIds.chatIds}))`,
    ...Object.entries<ContentTable>(contentTables)
      .filter(([, { carry }]) => carry !== "none")
      .flatMap(([name, table]) => renameIn(name, table, fromUserId, newIds) ?? []),
  ];
}

/** JSON objects with the new ids by the old ids. */
interface NewIds {
  readonly chatIds: string;
  readonly messageIds: string;
}

/** @returns undefined when the table has no column with such ids */
function renameIn(
  name: string,
  table: ContentTable,
  userId: string,
  newIds: NewIds,
): Statement | undefined {
  const columns = (["chatIds", "messageIds"] as const).flatMap((kind) =>
    table[kind].map((column) => ({
      name: sql.ref(column),
      // Qualified with the table's name, because json_each has a column "id" too.
      old: sql.ref(`${name}.${column}`),
      ids: newIds[kind],
    })),
  );
  if (columns.length === 0) return undefined;
  const assignments = columns.map(
    (column) => sql`${column.name} = coalesce(
      (SELECT value FROM json_each(${column.ids}) WHERE key = ${column.old}), ${column.old})`,
  );
  const isRenamed = columns.map(
    ({ old, ids }) => sql`${old} IN (SELECT key FROM json_each(${ids}))`,
  );
  return sql`UPDATE ${sql.table(name)} SET ${sql.join(assignments)}
    WHERE ${sql.ref(table.owner)} = ${userId} AND (${sql.join(isRenamed, sql` OR `)})`;
}

function newIdsFor(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries([...new Set(ids)].map((id) => [id, newId()]));
}
