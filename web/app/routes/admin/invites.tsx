import { HydrationBoundary } from "@tanstack/react-query";
import { InvitesPage } from "../../features/admin/invites/invites-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/invites.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.invites.list.prefetchInfinite({});
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Invitations · Administration · Alleato Chat" }];
}

export default function AdminInvitesRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <InvitesPage initialReader={reader} />
    </HydrationBoundary>
  );
}
