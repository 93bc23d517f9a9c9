import { createHomeDb, type HomeDb, type JobRunsTable } from "db";
import { type JobName, jobMinutes } from "./contracts/admin-jobs.ts";
import { systemClock } from "./platform/clock.ts";
import { jobObject, runSteps, stepsMax } from "./platform/job-object.ts";
import type { Logger } from "./platform/log.ts";

/** The most steps of each job in one run. Together they are at most {@link stepsMax}. */
const stepsOf = {
  "search-indexes": 5,
  "gone-chats": 9,
  sessions: 1,
  "audit-events": 1,
  "carried-guests": 2,
  "unused-guests": 12,
  arrivals: 5,
  uploads: 5,
} as const satisfies Record<JobName, number>;

/** The most characters of an error's text in a stored run. The log has the whole text. */
const errorMaxLength = 500;

const names = Object.keys(jobMinutes) as JobName[];
/** What cannot wait for an hour. */
const frequent = names.filter((name) => jobMinutes[name] < 60);

/**
 * Does the work of the cron, each step in an invocation of its own: it wakes search indexes that were
 * not told of changes, empties the objects of deleted chats, deletes expired sessions, unused guests,
 * and the remains of imports and uploads, and completes carry-overs. Never throws: the next run goes
 * on where this one ended.
 *
 * @param kind `frequent`: only what cannot wait for the hourly run
 * @param now epoch milliseconds
 */
export async function sweep(
  env: Env,
  log: Logger,
  now: number,
  kind: "all" | "frequent" = "all",
): Promise<void> {
  const runs: JobRun[] = [];
  for (const name of kind === "all" ? names : frequent) {
    const run = await runJob(env, log, now, name);
    const { outcome, steps, startedAt, endedAt } = run;
    log.info("sweep.job_ran", { job: name, outcome, steps, durationMs: endedAt - startedAt });
    runs.push(run);
  }
  try {
    await storeRuns(createHomeDb(env.HOME), runs);
  } catch (error) {
    log.error("sweep.runs_not_stored", error);
  }
}

async function runJob(env: Env, log: Logger, now: number, name: JobName): Promise<JobRun> {
  const startedAt = systemClock();
  let outcome: JobRun["outcome"] = "failed";
  let steps = 0;
  let failure: string | null = null;
  try {
    const step = () => {
      steps += 1;
      return jobObject(env, `sweep/${name}`).sweep(name, now);
    };
    outcome = (await runSteps(step, stepsOf[name])) ? "done" : "unfinished";
  } catch (error) {
    // One failure does not stop the others.
    log.error("sweep.job_failed", error, { job: name });
    failure = String(error).slice(0, errorMaxLength);
  }
  const endedAt = systemClock();
  const doneAt = outcome === "done" ? endedAt : null;
  return { name, startedAt, endedAt, outcome, steps, error: failure, doneAt };
}

type JobRun = JobRunsTable & { readonly name: JobName };

/** Stores the last run of each job, for administrators: one statement for all of them. */
async function storeRuns(home: HomeDb, runs: readonly JobRun[]): Promise<void> {
  await home.kysely
    .insertInto("jobRuns")
    .values(runs)
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet((eb) => ({
        startedAt: eb.ref("excluded.startedAt"),
        endedAt: eb.ref("excluded.endedAt"),
        outcome: eb.ref("excluded.outcome"),
        steps: eb.ref("excluded.steps"),
        error: eb.ref("excluded.error"),
        doneAt: eb.fn.coalesce("excluded.doneAt", "jobRuns.doneAt"),
      })),
    )
    .execute();
}
