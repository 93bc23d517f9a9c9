import type { Context } from "../../../context.ts";
import { type JobsOutput, jobMinutes } from "../../../contracts/admin-jobs.ts";
import { systemClock } from "../../../platform/clock.ts";
import { listJobRuns } from "./job-queries.ts";

/** Reads the last run of each job of the cron, also of those that have not run yet. */
export async function readJobs({ home }: Pick<Context, "home">): Promise<JobsOutput> {
  const now = systemClock();
  const runs = new Map((await listJobRuns(home)).map((run) => [run.name, run]));
  const jobs = Object.entries(jobMinutes).map(([name, everyMinutes]) => {
    const run = runs.get(name);
    if (!run) return { name, everyMinutes, lastRun: null, doneAt: null, isOverdue: false };
    const { startedAt, endedAt, outcome, error, doneAt } = run;
    const lastRun = { startedAt, durationMs: endedAt - startedAt, outcome, error };
    const isOverdue = now - startedAt > 3 * everyMinutes * 60_000;
    return { name, everyMinutes, lastRun, doneAt, isOverdue };
  });
  return { now, jobs };
}
