import { HydrationBoundary } from "@tanstack/react-query";
import { readVoteFilter } from "../../features/admin/votes/vote-filter.ts";
import { VotesPage } from "../../features/admin/votes/votes-page.tsx";
import { readUsageDays } from "../../features/usage/usage-days.ts";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import { revalidateOtherPages } from "../../lib/revalidate-other-pages.ts";
import type { Route } from "./+types/votes.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await Promise.all([
    helpers.admin.votes.byDay.prefetch({ days: readUsageDays(url.searchParams) }),
    helpers.admin.votes.list.prefetchInfinite(readVoteFilter(url.searchParams)),
  ]);
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

/** The query names only the period of the chart and the filter of the list. */
export const shouldRevalidate = revalidateOtherPages;

export function meta() {
  return [{ title: "Votes · Administration · Alleato Chat" }];
}

export default function AdminVotesRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <VotesPage initialReader={reader} />
    </HydrationBoundary>
  );
}
