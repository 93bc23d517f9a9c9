import { HydrationBoundary } from "@tanstack/react-query";
import { useRouteError } from "react-router";
import { SecurityPage } from "../features/account/security/security-page.tsx";
import { queryHelpers, requireAccount } from "../lib/api.server.ts";
import { ErrorPage } from "../ui/error-page.tsx";
import type { Route } from "./+types/security.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document. Within the app the page fetches the list itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  // The page does not exist for guests, who have no password and no other browser.
  await Promise.all([requireAccount({ context, url }), helpers.auth.sessions.list.prefetch()]);
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Security · Alleato Chat" }];
}

export default function SecurityRoute({ loaderData }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <SecurityPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
