import { contentTables, runBatch, sql, type TableWith, tablesWith } from "db";
import type { OwnerContext } from "../../context.ts";
import { searchObject } from "../../platform/search-object.ts";
import { userObject } from "../../platform/user-object.ts";
import { deleteAllChats } from "../chats/delete-chats.ts";
import { deleteAllStreams } from "../streams/delete-streams.ts";
import { purgeAllUploads } from "../uploads/purge/purge-uploads.ts";

/** Deletes the rows of a table together with their Durable Objects or their bytes in R2. */
const deleteRows: Record<
  TableWith<"deletion", "own">,
  (owner: OwnerContext) => Promise<unknown>
> = {
  chats: deleteAllChats,
  uploads: purgeAllUploads,
  openStreams: deleteAllStreams,
};

/**
 * Deletes all content of an owner, as the registry of content tables says, and the counts in the
 * user's object. The caller deletes the user's row in the home database afterwards. Safe to run
 * again after an interruption.
 *
 * @throws what D1 and the objects throw
 */
export async function deleteContent(owner: OwnerContext): Promise<void> {
  const { env, content, userId } = owner;
  for (const table of tablesWith("deletion", "own")) await deleteRows[table](owner);
  await runBatch(
    content,
    tablesWith("deletion", "statement").map((table) => {
      const column = sql.ref(contentTables[table].owner);
      return sql`DELETE FROM ${sql.table(table)} WHERE ${column} = ${userId}`;
    }),
  );
  await Promise.all([userObject(env, userId).purge(), searchObject(env, userId).purge()]);
}
