import { HydrationBoundary } from "@tanstack/react-query";
import { redirectDocument, useRouteError } from "react-router";
import { DocumentPage } from "../features/documents/document-page.tsx";
import { queryHelpers } from "../lib/api.server.ts";
import { readError } from "../lib/error-text.ts";
import { failPage } from "../lib/fail-page.server.ts";
import { loginPath } from "../lib/next-path.ts";
import { toPageError } from "../lib/page-error.ts";
import { revalidateOtherPages } from "../lib/revalidate-other-pages.ts";
import { getQueryUtils } from "../lib/trpc.ts";
import { ErrorPage } from "../ui/error-page.tsx";
import type { Route } from "./+types/document.ts";
import { useShell } from "./use-shell.ts";

/** Runs for a document of the browser: the page arrives with its text. */
export async function loader({ context, url, params: { documentId } }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  try {
    const { document } = await helpers.documents.get.fetch({ documentId });
    return { title: document.title, dehydratedState: helpers.dehydrate() };
  } catch (error) {
    return failPage(error, { context, url });
  }
}

/** Within the app: directly from the API, because another tab may have saved a newer version. */
export async function clientLoader({ params: { documentId }, url }: Route.ClientLoaderArgs) {
  try {
    const { document } = await getQueryUtils().documents.get.fetch(
      { documentId },
      { staleTime: 0 },
    );
    return { title: document.title, dehydratedState: undefined };
  } catch (error) {
    if (readError(error).errorCode === "UNAUTHENTICATED") throw redirectDocument(loginPath(url));
    throw toPageError(error);
  }
}

/** The query names only the view: it does not change what to load. */
export const shouldRevalidate = revalidateOtherPages;

export function meta({ loaderData }: Route.MetaArgs) {
  return [{ title: `${loaderData?.title ?? "Document"} · Alleato Chat` }];
}

export default function DocumentRoute({ loaderData, params }: Route.ComponentProps) {
  const shell = useShell();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <DocumentPage documentId={params.documentId} initialReader={shell.reader} />
    </HydrationBoundary>
  );
}

/** A document that does not exist or could not be loaded. The sidebar stays. */
export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
