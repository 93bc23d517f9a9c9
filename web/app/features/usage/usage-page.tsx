import { Link, useSearchParams } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { trpc } from "../../lib/trpc.ts";
import { useReader } from "../../lib/use-reader.ts";
import { classNames } from "../../ui/class-names.ts";
import { LoadFailure } from "../../ui/load-state.tsx";
import { StorageUse } from "./storage-use.tsx";
import { TodayUse } from "./today-use.tsx";
import { UsageChart } from "./usage-chart.tsx";
import { readUsageDays, type UsageSpan, usageSpans } from "./usage-days.ts";
import { usageSeries } from "./usage-series.ts";
import { UsageTable } from "./usage-table.tsx";

/**
 * How long the data that arrived with the page is fresh, in ms. An answer may have ended in the
 * meantime.
 */
const staleAfterMs = 3_000;

interface UsagePageProps {
  readonly initialReader: Reader;
  readonly isGuest: boolean;
}

/** The viewer's usage by day, what is left of today, and what is stored. */
export function UsagePage({ initialReader, isGuest }: UsagePageProps) {
  const reader = useReader(initialReader);
  const [search] = useSearchParams();
  const span = readUsageDays(search);
  const usage = trpc.account.usage.useQuery(
    { days: span },
    { staleTime: staleAfterMs, placeholderData: (before) => before },
  );
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Usage</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Questions and answers are measured in tokens: pieces of words, about four characters each.
        </p>
      </header>
      {usage.isPending && <LoadingUsage />}
      {usage.isError && !usage.data && (
        <LoadFailure
          error={usage.error}
          isPending={usage.isFetching}
          onRetry={() => void usage.refetch()}
        />
      )}
      {usage.data && (
        <>
          <TodayUse today={usage.data.today} reader={reader} isGuest={isGuest} />
          <StorageUse storage={usage.data.storage} hasWaitingChats={usage.data.hasWaitingChats} />
          <section aria-labelledby="usage-by-day">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h2 id="usage-by-day" className="text-lg font-semibold tracking-tight">
                Tokens by day
              </h2>
              <SpanChoice span={span} />
            </div>
            {usage.data.items.length === 0 ? (
              <p className="mt-4 text-muted">
                {`No usage in the last ${span} days. `}
                <Link to="/" className="font-medium text-accent underline underline-offset-2">
                  Ask something
                </Link>{" "}
                to see usage here.
              </p>
            ) : (
              <div
                aria-busy={usage.isPlaceholderData}
                className={classNames(
                  "mt-4 grid grid-cols-1 gap-6",
                  usage.isPlaceholderData && "opacity-60",
                )}
              >
                <UsageChart series={usageSeries(usage.data.items, usage.data.today.day, span)} />
                <UsageTable items={usage.data.items} />
              </div>
            )}
          </section>
        </>
      )}
    </>
  );
}

function SpanChoice({ span }: { span: UsageSpan }) {
  return (
    <nav aria-label="Period" className="flex rounded-lg border border-line p-0.5 text-sm">
      {usageSpans.map((one) => (
        <Link
          key={one}
          to={`?days=${one}`}
          replace
          preventScrollReset
          aria-current={one === span ? "true" : undefined}
          className={classNames(
            "rounded-md px-3 py-1 max-md:py-2",
            one === span ? "bg-selected font-medium" : "text-muted hover:text-ink",
          )}
        >
          {one} days
        </Link>
      ))}
    </nav>
  );
}

function LoadingUsage() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading usage</span>
      <div className="h-24 animate-pulse rounded-2xl bg-hover" />
      <div className="h-48 animate-pulse rounded-2xl bg-hover" />
    </div>
  );
}
