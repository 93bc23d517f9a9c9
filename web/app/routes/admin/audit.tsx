import { HydrationBoundary } from "@tanstack/react-query";
import { AuditPage } from "../../features/admin/audit/audit-page.tsx";
import { readEventFilter } from "../../features/admin/audit/event-filter.ts";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/audit.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.audit.list.prefetchInfinite(readEventFilter(url.searchParams));
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Audit log · Administration · Alleato Chat" }];
}

export default function AdminAuditRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <AuditPage initialReader={reader} />
    </HydrationBoundary>
  );
}
