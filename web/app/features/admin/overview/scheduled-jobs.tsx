import type { JobName, JobOutput } from "api-worker/contracts/admin-jobs";
import { trpc } from "../../../lib/trpc.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { Cell, HeadCell, Table } from "../frame/table.tsx";
import { Badge } from "../users/user-name.tsx";
import { agoText, everyText, tookText } from "./job-text.ts";

/** How often the runs are read again while the page is visible, in ms. */
const renewMs = 30_000;

/** What each job is for. */
const jobTexts: Readonly<Record<JobName, readonly [title: string, purpose: string]>> = {
  "search-indexes": ["Search", "Updates search indexes that missed a change"],
  "gone-chats": ["Deleted chats", "Erases what deleted chats leave behind"],
  sessions: ["Sessions", "Deletes sessions that expired or went unused"],
  "audit-events": ["Audit log", "Deletes entries past their retention period"],
  "carried-guests": ["Guest chats", "Finishes moving guests’ chats to their accounts"],
  "unused-guests": ["Inactive guests", "Deletes guests who haven’t returned, with their data"],
  arrivals: ["Imports", "Deletes what interrupted imports leave behind"],
  uploads: ["Files", "Deletes files that are no longer needed"],
};

const textsOf = (name: string) =>
  (jobTexts as Readonly<Record<string, readonly [string, string]>>)[name] ?? ([name, ""] as const);

/** The jobs that the server runs by itself: when each ran last, for how long, and with which result. */
export function ScheduledJobs() {
  const query = trpc.admin.stats.jobs.useQuery(undefined, {
    staleTime: 3_000,
    refetchInterval: renewMs,
  });
  return (
    <section
      aria-labelledby="scheduled-jobs"
      className="min-w-0 rounded-2xl border border-line bg-raised p-4 shadow-raised sm:p-6"
    >
      <h2 id="scheduled-jobs" className="text-lg font-semibold tracking-tight">
        Scheduled jobs
      </h2>
      <div className="mt-3">
        {query.isPending && <LoadingLines label="Loading scheduled jobs" widths={[70, 55, 60]} />}
        {query.isError && !query.data && <QueryFailure query={query} />}
        {query.data && <JobTable jobs={query.data.jobs} now={query.data.now} />}
      </div>
    </section>
  );
}

interface JobTableProps {
  readonly jobs: readonly JobOutput[];
  /** The server's clock, epoch milliseconds. */
  readonly now: number;
}

function JobTable({ jobs, now }: JobTableProps) {
  return (
    <Table
      caption="Scheduled jobs"
      head={
        <>
          <HeadCell>Job</HeadCell>
          <HeadCell isWideOnly>Runs</HeadCell>
          <HeadCell isNumber isWideOnly>
            Last run
          </HeadCell>
          <HeadCell isNumber isWideOnly>
            Took
          </HeadCell>
          <HeadCell>Result</HeadCell>
        </>
      }
    >
      {jobs.map((job) => (
        <JobRow key={job.name} job={job} now={now} />
      ))}
    </Table>
  );
}

function JobRow({ job, now }: { job: JobOutput; now: number }) {
  const { name, everyMinutes, lastRun } = job;
  const [title, purpose] = textsOf(name);
  const ranText = lastRun ? agoText(now - lastRun.startedAt) : "–";
  const took = lastRun && tookText(lastRun.durationMs);
  return (
    <tr className="align-top">
      <Cell>
        <span className="font-medium">{title}</span>
        <span className="mt-0.5 block text-xs text-muted">{purpose}</span>
        <span className="mt-0.5 block text-xs text-muted md:hidden">
          {took === null ? everyText(everyMinutes) : `${ranText}, took ${took}`}
        </span>
        <Trouble job={job} now={now} />
      </Cell>
      <Cell isWideOnly className="whitespace-nowrap">
        {everyText(everyMinutes)}
      </Cell>
      <Cell isNumber isWideOnly>
        {ranText}
      </Cell>
      <Cell isNumber isWideOnly>
        {took ?? "–"}
      </Cell>
      <Cell className="whitespace-nowrap">
        <Result job={job} />
      </Cell>
    </tr>
  );
}

function Result({ job: { lastRun, isOverdue } }: { job: JobOutput }) {
  if (lastRun === null) return <span className="text-muted">Not run yet</span>;
  if (lastRun.outcome === "failed") return <Badge isDanger>Failed</Badge>;
  if (isOverdue) return <Badge isDanger>Overdue</Badge>;
  return lastRun.outcome === "done" ? "Done" : "More to do";
}

/** What is wrong with a job, and since when. */
function Trouble({ job: { lastRun, doneAt, isOverdue }, now }: { job: JobOutput; now: number }) {
  if (lastRun === null || (lastRun.outcome !== "failed" && !isOverdue)) return null;
  const last =
    doneAt === null ? "It has never succeeded." : `Last success ${agoText(now - doneAt)}.`;
  return (
    <span className="mt-1 block max-w-prose text-xs text-danger">
      {lastRun.error !== null && (
        <span className="block font-mono wrap-anywhere">{lastRun.error}</span>
      )}
      <span className="block">{isOverdue ? `Scheduled runs were missed. ${last}` : last}</span>
    </span>
  );
}
