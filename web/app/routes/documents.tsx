import { HydrationBoundary } from "@tanstack/react-query";
import { DocumentsPage } from "../features/documents/library/documents-page.tsx";
import { queryHelpers } from "../lib/api.server.ts";
import type { Route } from "./+types/documents.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  await helpers.documents.list.prefetchInfinite({});
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Documents · Alleato Chat" }];
}

export default function DocumentsRoute({ loaderData }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <DocumentsPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}
