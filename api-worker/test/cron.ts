import { exports } from "cloudflare:workers";

interface Scheduled {
  scheduled(options: { cron: string; scheduledTime: Date }): Promise<unknown>;
}

/** Runs the worker's hourly cron. */
export function runCron(): Promise<unknown> {
  // The generated type knows of fetch alone.
  return (exports.default as unknown as Scheduled).scheduled({
    cron: "17 * * * *",
    scheduledTime: new Date(),
  });
}
