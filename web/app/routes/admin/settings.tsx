import { HydrationBoundary } from "@tanstack/react-query";
import { SettingsPage } from "../../features/admin/settings/settings-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/settings.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.settings.get.prefetch();
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Settings · Administration · Alleato Chat" }];
}

export default function AdminSettingsRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <SettingsPage initialReader={reader} />
    </HydrationBoundary>
  );
}
