import { HydrationBoundary } from "@tanstack/react-query";
import { StreamsPage } from "../../features/admin/streams/streams-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/streams.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await Promise.all([
    helpers.admin.streams.live.prefetch(),
    helpers.admin.streams.ended.prefetchInfinite({}),
  ]);
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Streams · Administration · Alleato Chat" }];
}

export default function AdminStreamsRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <StreamsPage initialReader={reader} />
    </HydrationBoundary>
  );
}
