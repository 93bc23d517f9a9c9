import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../../test/callers.ts";
import { runCron } from "../../../../test/cron.ts";
import { jobMinutes } from "../../../contracts/admin-jobs.ts";

test("administrators see each job before it has run, when it ran, why it failed, and when runs are missing", async () => {
  const { api } = await callerFor("admin");
  const names = Object.keys(jobMinutes);
  await env.HOME.prepare("DELETE FROM jobRuns").run();
  const unused = await api.admin.stats.jobs.query();
  expect(unused.jobs.map(({ name }) => name)).toEqual(names);
  expect(unused.jobs[0]).toEqual({
    name: "search-indexes",
    everyMinutes: 5,
    lastRun: null,
    doneAt: null,
    isOverdue: false,
  });

  await runCron();
  const { now, jobs } = await api.admin.stats.jobs.query();
  expect(jobs.map(({ name }) => name)).toEqual(names);
  for (const { lastRun, doneAt, isOverdue } of jobs) {
    expect(lastRun).toMatchObject({ outcome: "done", error: null });
    expect(lastRun?.durationMs).toBeGreaterThanOrEqual(0);
    expect(doneAt).toBeLessThanOrEqual(now);
    expect(isOverdue).toBe(false);
  }

  const set = "UPDATE jobRuns SET startedAt = ?, outcome = 'failed', error = 'Why' WHERE name = ?";
  const minuteMs = 60_000;
  await env.HOME.batch([
    env.HOME.prepare(set).bind(now - 16 * minuteMs, "gone-chats"),
    env.HOME.prepare(set).bind(now - 170 * minuteMs, "uploads"),
  ]);
  const later = new Map(
    (await api.admin.stats.jobs.query()).jobs.map((job) => [job.name, job] as const),
  );
  expect(later.get("gone-chats")).toMatchObject({
    isOverdue: true,
    lastRun: { outcome: "failed", error: "Why" },
    doneAt: jobs.find(({ name }) => name === "gone-chats")?.doneAt,
  });
  expect(later.get("uploads")).toMatchObject({ isOverdue: false });
});
