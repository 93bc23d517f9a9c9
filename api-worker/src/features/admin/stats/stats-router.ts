import { jobsOutput } from "../../../contracts/admin-jobs.ts";
import { overviewInput, overviewOutput } from "../../../contracts/admin-stats.ts";
import { procedure, router } from "../../../trpc.ts";
import { readJobs } from "./jobs.ts";
import { readOverview } from "./overview.ts";

export const statsRouter = router({
  /** The jobs of the cron, with the last run of each. */
  jobs: procedure.admin.output(jobsOutput).query(({ ctx }) => readJobs(ctx)),
  /** What the site holds now, and what happened on each day. */
  overview: procedure.admin
    .input(overviewInput)
    .output(overviewOutput)
    .query(({ ctx, input }) => readOverview(ctx, input)),
});
