import { HydrationBoundary } from "@tanstack/react-query";
import { OverviewPage } from "../../features/admin/overview/overview-page.tsx";
import { readUsageDays } from "../../features/usage/usage-days.ts";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import { revalidateOtherPages } from "../../lib/revalidate-other-pages.ts";
import type { Route } from "./+types/index.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await Promise.all([
    helpers.admin.stats.overview.prefetch({ days: readUsageDays(url.searchParams) }),
    helpers.admin.stats.jobs.prefetch(),
  ]);
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

/** The query names only the period of the charts. */
export const shouldRevalidate = revalidateOtherPages;

export function meta() {
  return [{ title: "Overview · Administration · Alleato Chat" }];
}

export default function AdminOverviewRoute({ loaderData }: Route.ComponentProps) {
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <OverviewPage />
    </HydrationBoundary>
  );
}
