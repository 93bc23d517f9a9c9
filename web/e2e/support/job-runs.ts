import { z } from "zod";
import { openLocalDatabases, sqlText } from "../../../scripts/lib/d1.ts";

/**
 * Stores runs of jobs of the cron, which a local stack does not start by itself: one for each way in
 * which a run can end, and one that is too long ago. Some jobs have not run.
 *
 * @param stateDir absolute path of a local storage that is not in use
 */
export async function addJobRuns(stateDir: string): Promise<void> {
  const now = Date.now();
  const minuteMs = 60_000;
  const doneAt = now - 40 * minuteMs;
  const runs = [
    ["search-indexes", now - minuteMs, 84, "done", null, now - minuteMs],
    [
      "gone-chats",
      now - minuteMs,
      30_120,
      "failed",
      "Error: D1_ERROR: The database is busy.",
      doneAt,
    ],
    ["unused-guests", now - minuteMs, 4_200, "unfinished", null, doneAt],
    ["uploads", now - 26 * 60 * minuteMs, 310, "done", null, now - 26 * 60 * minuteMs],
  ] as const;
  const rows = runs.map(([name, startedAt, tookMs, outcome, error, done]) => {
    const reason = error === null ? "NULL" : sqlText(error);
    return `(${sqlText(name)}, ${startedAt}, ${startedAt + tookMs}, ${sqlText(outcome)}, 1, ${reason}, ${done})`;
  });
  const databases = await openLocalDatabases(stateDir);
  try {
    await databases.query("HOME", [`INSERT INTO jobRuns VALUES ${rows.join(", ")}`], z.unknown());
  } finally {
    await databases.close();
  }
}
