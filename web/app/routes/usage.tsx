import { HydrationBoundary } from "@tanstack/react-query";
import { readUsageDays } from "../features/usage/usage-days.ts";
import { UsagePage } from "../features/usage/usage-page.tsx";
import { queryHelpers } from "../lib/api.server.ts";
import type { Route } from "./+types/usage.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  await helpers.account.usage.prefetch({ days: readUsageDays(url.searchParams) });
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Usage · Alleato Chat" }];
}

export default function UsageRoute({ loaderData }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <UsagePage initialReader={shell.reader} isGuest={shell.viewer.isGuest} />
    </HydrationBoundary>
  );
}
