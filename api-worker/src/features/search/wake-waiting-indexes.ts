import { contentDatabases } from "../../platform/content.ts";
import type { Logger } from "../../platform/log.ts";
import { wakeSearch } from "./note-changes.ts";
import { listWaitingOwners } from "./queries.ts";

/** One run wakes this many objects, so that it ends. The next run continues. */
const ownersPerRun = 200;

/**
 * Wakes the search objects for which changes wait in D1: those that were not told, because the
 * worker died before, and those whose index is asked to be built anew.
 *
 * @throws what D1 throws
 */
export async function wakeWaitingIndexes(env: Env, log: Logger): Promise<void> {
  for (const content of contentDatabases(env)) {
    const owners = await listWaitingOwners(content, ownersPerRun);
    for (const userId of owners) wakeSearch(env, log, userId);
  }
}
