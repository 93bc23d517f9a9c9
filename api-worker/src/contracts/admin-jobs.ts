import { z } from "zod";

/** The jobs of the cron, in the order in which they run, and the minutes between two runs. */
export const jobMinutes = {
  "search-indexes": 5,
  "gone-chats": 5,
  sessions: 60,
  "audit-events": 60,
  "carried-guests": 60,
  "unused-guests": 5,
  arrivals: 60,
  uploads: 60,
} as const;
export type JobName = keyof typeof jobMinutes;

export const jobOutput = z.object({
  /** A {@link JobName}, or one that the client does not know yet. */
  name: z.string(),
  everyMinutes: z.number(),
  /** null before the first run. */
  lastRun: z
    .object({
      startedAt: z.number(),
      durationMs: z.number(),
      /** `unfinished`: the next run goes on. */
      outcome: z.enum(["done", "unfinished", "failed"]),
      /** Why it failed. */
      error: z.string().nullable(),
    })
    .nullable(),
  /** When the last run that was done ended; null when none was. */
  doneAt: z.number().nullable(),
  /** Whether at least two runs did not happen. */
  isOverdue: z.boolean(),
});
export type JobOutput = z.infer<typeof jobOutput>;

export const jobsOutput = z.object({
  /** The worker's clock, epoch milliseconds. */
  now: z.number(),
  jobs: z.array(jobOutput),
});
export type JobsOutput = z.infer<typeof jobsOutput>;
