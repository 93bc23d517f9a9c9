import type { HomeDb } from "db";

/** Lists the last run of each job: as many rows as there are jobs. */
export function listJobRuns(home: HomeDb) {
  return home.kysely
    .selectFrom("jobRuns")
    .select(["name", "startedAt", "endedAt", "outcome", "error", "doneAt"])
    .execute();
}
