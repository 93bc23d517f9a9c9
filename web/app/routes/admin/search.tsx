import { HydrationBoundary } from "@tanstack/react-query";
import { SearchPage } from "../../features/admin/chats/search/search-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import { failPage } from "../../lib/fail-page.server.ts";
import { toPageError } from "../../lib/page-error.ts";
import { getQueryUtils } from "../../lib/trpc.ts";
import type { Route } from "./+types/search.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. The address names the entry of the audit log that allows to read the results. */
export async function loader({ context, url, params: { accessId } }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  try {
    await helpers.admin.chats.search.fetchInfinite({ accessId });
  } catch (error) {
    failPage(error, { context, url });
  }
  return { dehydratedState: helpers.dehydrate() };
}

export async function clientLoader({ params: { accessId } }: Route.ClientLoaderArgs) {
  try {
    await getQueryUtils().admin.chats.search.fetchInfinite({ accessId });
  } catch (error) {
    throw toPageError(error);
  }
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Search · Administration · Alleato Chat" }];
}

export default function AdminSearchRoute({ loaderData, params }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <SearchPage key={params.accessId} accessId={params.accessId} initialReader={reader} />
    </HydrationBoundary>
  );
}
