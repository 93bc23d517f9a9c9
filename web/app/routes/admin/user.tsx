import { HydrationBoundary } from "@tanstack/react-query";
import { UserPage } from "../../features/admin/users/user-page/user-page.tsx";
import { readUsageDays } from "../../features/usage/usage-days.ts";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import { failPage } from "../../lib/fail-page.server.ts";
import { toPageError } from "../../lib/page-error.ts";
import { revalidateOtherPages } from "../../lib/revalidate-other-pages.ts";
import { getQueryUtils } from "../../lib/trpc.ts";
import type { Route } from "./+types/user.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url, params: { userId } }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  try {
    // In one request. Only the first throws.
    await Promise.all([
      helpers.admin.users.get.fetch({ userId }),
      helpers.admin.users.usage.prefetch({ userId, days: readUsageDays(url.searchParams) }),
      helpers.admin.users.access.prefetch({ userId }),
    ]);
  } catch (error) {
    failPage(error, { context, url });
  }
  return { dehydratedState: helpers.dehydrate() };
}

export async function clientLoader({ params: { userId } }: Route.ClientLoaderArgs) {
  try {
    await getQueryUtils().admin.users.get.fetch({ userId }, { staleTime: 0 });
  } catch (error) {
    throw toPageError(error);
  }
  return { dehydratedState: undefined };
}

/** The query names only the period of the chart. */
export const shouldRevalidate = revalidateOtherPages;

export function meta() {
  return [{ title: "User · Administration · Alleato Chat" }];
}

export default function AdminUserRoute({ loaderData, params }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <UserPage key={params.userId} userId={params.userId} initialReader={reader} />
    </HydrationBoundary>
  );
}
