import type { OverviewOutput } from "api-worker/contracts/admin-stats";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { moneyText } from "../../../lib/money-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { classNames } from "../../../ui/class-names.ts";
import { QueryFailure } from "../../../ui/load-state.tsx";
import { SpanChoice } from "../../usage/span-choice.tsx";
import { readUsageDays } from "../../usage/usage-days.ts";
import { usageSeries } from "../../usage/usage-series.ts";
import { countFormat, moneyFormat } from "../../usage/usage-text.ts";
import { ChartSection } from "../frame/chart-section.tsx";
import { modelText } from "../frame/model-text.ts";
import { PageHeader } from "../frame/page-header.tsx";
import { ModelTable } from "./model-table.tsx";
import {
  answerSeries,
  newChats,
  newMessages,
  newUsers,
  storageSeries,
  usesOfModels,
} from "./overview-series.ts";
import { ScheduledJobs } from "./scheduled-jobs.tsx";
import { SiteTotals } from "./site-totals.tsx";

/** How often the numbers are read again while the page is visible, in ms. */
const renewMs = 30_000;

/** What happens on the site: what it holds now, and charts of the last days. */
export function OverviewPage() {
  const [search] = useSearchParams();
  const span = readUsageDays(search);
  const overview = trpc.admin.stats.overview.useQuery(
    { days: span },
    { staleTime: 3_000, refetchInterval: renewMs, placeholderData: (before) => before },
  );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageHeader title="Overview" />
        <SpanChoice span={span} />
      </div>
      {overview.isPending && <LoadingOverview />}
      {overview.isError && !overview.data && <QueryFailure query={overview} />}
      {overview.data && (
        <div
          aria-busy={overview.isPlaceholderData}
          className={classNames(
            "grid grid-cols-1 gap-6",
            overview.isPlaceholderData && "opacity-60",
          )}
        >
          <SiteTotals overview={overview.data} />
          <Charts overview={overview.data} />
        </div>
      )}
      <div className="mt-6">
        <ScheduledJobs />
      </div>
    </>
  );
}

function Charts({ overview }: { overview: OverviewOutput }) {
  const { days, answers } = overview;
  const span = days.length;
  const { tokens, costs } = useMemo(() => {
    const named = answers.map((row) => ({ ...row, modelId: modelText(row.modelId) }));
    const today = days.at(-1)?.day ?? "";
    return {
      tokens: usageSeries(named, today, days.length),
      costs: usageSeries(named, today, days.length, ({ costNanos }) => costNanos),
    };
  }, [answers, days]);
  const storage = storageSeries(days);
  return (
    <>
      <ChartSection
        title="Tokens by day"
        format={countFormat("tokens")}
        partsName="Models"
        series={tokens}
        empty={`No tokens were used in the last ${span} days.`}
      >
        <ModelTable uses={usesOfModels(answers)} />
      </ChartSection>
      <ChartSection
        title="Cost by day"
        format={moneyFormat}
        partsName="Models"
        series={costs}
        empty={`No costs in the last ${span} days.`}
      >
        <CostNote answers={answers} span={span} />
      </ChartSection>
      <ChartSection
        title="Answers by day"
        format={countFormat("answers")}
        partsName="How answers ended"
        series={answerSeries(overview)}
        empty={`No answers in the last ${span} days.`}
      >
        <p className="mt-4 text-sm">
          <Link
            to="/admin/streams"
            className="font-medium text-accent underline underline-offset-2"
          >
            Why answers failed
          </Link>
        </p>
      </ChartSection>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <ChartSection
          title="New users by day"
          format={countFormat("users")}
          partsName="Kinds of users"
          series={newUsers(days)}
          empty={`No one came in the last ${span} days.`}
        />
        <ChartSection
          title="New chats by day"
          format={countFormat("chats")}
          partsName="What is counted"
          series={newChats(days)}
          empty={`No new chats in the last ${span} days.`}
        />
        <ChartSection
          title="New messages by day"
          format={countFormat("messages")}
          partsName="What is counted"
          series={newMessages(days)}
          empty={`No new messages in the last ${span} days.`}
        />
        <ChartSection
          title="Storage by day"
          format={countFormat(storage.unit)}
          partsName="What is counted"
          series={storage.series}
          empty="Nothing is stored yet."
        />
      </div>
      <p className="text-sm text-muted">Days are UTC.</p>
    </>
  );
}

interface CostNoteProps {
  readonly answers: OverviewOutput["answers"];
  readonly span: number;
}

/** What all answers have cost, and by which prices. */
function CostNote({ answers, span }: CostNoteProps) {
  const nanos = answers.reduce((sum, { costNanos }) => sum + costNanos, 0);
  return (
    <p className="mt-4 text-sm text-muted">
      {nanos > 0 && (
        <>
          <strong className="font-semibold text-ink tabular-nums">{moneyText(nanos)}</strong>
          {` in ${span} days. `}
        </>
      )}
      Each answer counts at its model’s price when it began. Models without a price count as $0.00.{" "}
      <Link to="/admin/models" className="font-medium text-accent underline underline-offset-2">
        Prices of models
      </Link>
    </p>
  );
}

function LoadingOverview() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading the overview</span>
      <div className="h-48 animate-pulse rounded-2xl bg-hover" />
      <div className="h-72 animate-pulse rounded-2xl bg-hover" />
    </div>
  );
}
