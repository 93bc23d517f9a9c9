import { HydrationBoundary } from "@tanstack/react-query";
import { readFileSort } from "../features/uploads/files-page/file-sort.ts";
import { FilesPage } from "../features/uploads/files-page/files-page.tsx";
import { queryHelpers } from "../lib/api.server.ts";
import type { Route } from "./+types/files.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  await helpers.uploads.list.prefetchInfinite({ sort: readFileSort(url.searchParams) });
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Files · Alleato Chat" }];
}

export default function FilesRoute({ loaderData }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <FilesPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}
