import { HydrationBoundary } from "@tanstack/react-query";
import { ModelsPage } from "../../features/admin/models/models-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/models.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.settings.models.prefetch();
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Models · Administration · Alleato Chat" }];
}

export default function AdminModelsRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <ModelsPage initialReader={reader} />
    </HydrationBoundary>
  );
}
