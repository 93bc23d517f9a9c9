import { contentDatabases } from "../../platform/content.ts";
import type { Logger } from "../../platform/log.ts";
import type { RequestBudget } from "../../platform/request-budget.ts";
import { wakeSearch } from "./note-changes.ts";
import { listWaitingOwners } from "./queries.ts";

/**
 * Wakes search objects for which changes wait in D1: those that were not told, because the worker
 * died before, and those whose index is asked to be built anew. Of more than a budget allows, some at
 * random.
 *
 * @returns whether all were woken
 * @throws what D1 throws
 */
export async function wakeWaitingIndexes(
  env: Env,
  log: Logger,
  budget: RequestBudget,
): Promise<boolean> {
  for (const content of contentDatabases(env)) {
    if (!budget.take(2)) return false;
    // One more than the budget allows tells that some are left.
    const owners = await listWaitingOwners(content, budget.left + 1);
    for (const userId of owners) {
      if (!budget.take(1)) return false;
      wakeSearch(env, log, userId);
    }
  }
  return true;
}
