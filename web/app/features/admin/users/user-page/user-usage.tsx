import { useSearchParams } from "react-router";
import type { Reader } from "../../../../lib/date-groups.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { LoadingLines, QueryFailure } from "../../../../ui/load-state.tsx";
import { StorageCard } from "../../../usage/storage-card.tsx";
import { TodayUse } from "../../../usage/today-use.tsx";
import { UsageByDay } from "../../../usage/usage-by-day.tsx";
import { readUsageDays } from "../../../usage/usage-days.ts";

interface UserUsageProps {
  readonly userId: string;
  readonly reader: Reader;
}

/** What a user has used today and before, and what the user stores. */
export function UserUsage({ userId, reader }: UserUsageProps) {
  const [search] = useSearchParams();
  const span = readUsageDays(search);
  const usage = trpc.admin.users.usage.useQuery(
    { userId, days: span },
    { placeholderData: (before) => before },
  );
  if (usage.isPending) return <LoadingLines label="Loading usage" widths={[60, 45, 70]} />;
  if (!usage.data) {
    return <QueryFailure query={usage} />;
  }
  const { today, month, storage } = usage.data;
  return (
    <>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <TodayUse today={today} month={month} reader={reader} isGuest={false} showsCost />
        <StorageCard storage={storage} fullText="This user’s storage is full." />
      </div>
      <UsageByDay
        usage={usage.data}
        span={span}
        isPlaceholder={usage.isPlaceholderData}
        showsCost
      />
    </>
  );
}
