import { HydrationBoundary } from "@tanstack/react-query";
import { PrivacyPage } from "../features/privacy/privacy-page.tsx";
import { queryHelpers } from "../lib/api.server.ts";
import type { Route } from "./+types/privacy.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  await helpers.account.inspections.prefetchInfinite({});
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Privacy · Alleato Chat" }];
}

export default function PrivacyRoute({ loaderData }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <PrivacyPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}
