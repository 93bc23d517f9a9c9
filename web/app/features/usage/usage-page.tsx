import type { UsageOutput } from "api-worker/contracts/usage";
import { Link, useSearchParams } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { trpc } from "../../lib/trpc.ts";
import { useReader } from "../../lib/use-reader.ts";
import { QueryFailure } from "../../ui/load-state.tsx";
import { StorageUse } from "./storage-use.tsx";
import { TodayUse } from "./today-use.tsx";
import { UsageByDay } from "./usage-by-day.tsx";
import { readUsageDays } from "./usage-days.ts";

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
      {usage.isError && !usage.data && <QueryFailure query={usage} />}
      {usage.data && (
        <>
          <TodayUse
            today={usage.data.today}
            month={usage.data.month}
            reader={reader}
            isGuest={isGuest}
          />
          <StorageUse storage={usage.data.storage} hasWaitingChats={usage.data.hasWaitingChats} />
          <UsageByDay
            usage={usage.data}
            span={span}
            isPlaceholder={usage.isPlaceholderData}
            showsCost={hasCostLimit(usage.data)}
          >
            {" "}
            <Link to="/" className="font-medium text-accent underline underline-offset-2">
              Ask something
            </Link>{" "}
            to see usage here.
          </UsageByDay>
        </>
      )}
    </>
  );
}

/** A user without a limit in money is not told what answers cost. */
function hasCostLimit({ today, month }: Pick<UsageOutput, "today" | "month">): boolean {
  return today.cost.max !== null || month.cost.max !== null;
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
