import { HydrationBoundary } from "@tanstack/react-query";
import { createServerSideHelpers } from "@trpc/react-query/server";
import { useRouteLoaderData } from "react-router";
import { readFileSort } from "../features/uploads/files-page/file-sort.ts";
import { FilesPage } from "../features/uploads/files-page/files-page.tsx";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/files.ts";
import type { loader as shellLoader } from "./app-shell.tsx";

/** For a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  const helpers = createServerSideHelpers({ client: context.get(apiContext).client });
  // Does not throw: the page says what could not be loaded.
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
  const shell = useRouteLoaderData<typeof shellLoader>("routes/app-shell");
  if (!shell) throw new Error("This page stands in the app shell.");
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <FilesPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}
