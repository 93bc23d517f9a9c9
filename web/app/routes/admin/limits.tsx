import { HydrationBoundary } from "@tanstack/react-query";
import { LimitsPage } from "../../features/admin/limits/limits-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/limits.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.limits.roles.prefetch();
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Limits · Administration · Alleato Chat" }];
}

export default function AdminLimitsRoute({ loaderData }: Route.ComponentProps) {
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <LimitsPage />
    </HydrationBoundary>
  );
}
