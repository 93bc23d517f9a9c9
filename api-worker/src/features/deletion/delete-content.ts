import { contentTables, runBatch, sql, type TableWith, tablesWith } from "db";
import type { OwnerContext } from "../../context.ts";
import { jobObject, runSteps } from "../../platform/job-object.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { searchObject } from "../../platform/search-object.ts";
import { userObject } from "../../platform/user-object.ts";
import { deleteSomeChats } from "../chats/deletion/delete-chats.ts";
import { purgeSomeGone } from "../chats/deletion/gone-chats.ts";
import { deleteAllStreams } from "../streams/delete-streams.ts";
import { purgeAllUploads } from "../uploads/purge/purge-uploads.ts";

/** A time after all others: an imported chat may have one in the future. */
const always = Number.MAX_SAFE_INTEGER;

/**
 * Deletes the rows of a table together with their Durable Objects or their bytes in R2, as far as a
 * budget allows; returns whether none is left.
 */
const deleteRows: Record<
  TableWith<"deletion", "own">,
  (owner: OwnerContext, budget: RequestBudget) => Promise<boolean>
> = {
  chats: async (owner, budget) => (await deleteSomeChats(owner, always, budget)).isDone,
  goneChats: async (owner, budget) => {
    const { isDone, failedCount } = await purgeSomeGone(
      owner,
      { userId: owner.userId, dueUntil: always },
      budget,
    );
    if (failedCount > 0) throw new Error(`${failedCount} objects of chats could not be emptied.`);
    return isDone;
  },
  uploads: purgeAllUploads,
  openStreams: deleteAllStreams,
};

/**
 * Deletes all content of an owner, as the registry of content tables says, and the counts in the
 * user's object, in as many steps as it takes. The caller deletes the user's row in the home database
 * afterwards. Safe to run again after an interruption.
 *
 * @throws what D1 and the objects throw; an error when something is left after very many steps
 */
export async function deleteContent({ env, userId, contentShard }: OwnerContext): Promise<void> {
  const owner = { userId, contentShard };
  const isDone = await runSteps(() => jobObject(env, userId).deleteContent(owner));
  if (!isDone) throw new Error("The deletion is not complete yet.");
}

/**
 * Does one step of the deletion of an owner's content, within a budget.
 *
 * @returns whether nothing is left
 * @throws what D1 and the objects throw
 */
export async function deleteSomeContent(
  owner: OwnerContext,
  budget: RequestBudget,
): Promise<boolean> {
  const { env, content, userId } = owner;
  for (const table of tablesWith("deletion", "own")) {
    if (!(await deleteRows[table](owner, budget))) return false;
  }
  const statements = tablesWith("deletion", "statement").map((table) => {
    const column = sql.ref(contentTables[table].owner);
    return sql`DELETE FROM ${sql.table(table)} WHERE ${column} = ${userId}`;
  });
  if (!budget.take(statements.length + 2)) return false;
  await runBatch(content, statements);
  await Promise.all([userObject(env, userId).purge(), searchObject(env, userId).purge()]);
  return true;
}
