import { HydrationBoundary } from "@tanstack/react-query";
import { createServerSideHelpers } from "@trpc/react-query/server";
import { data, useRouteError, useRouteLoaderData } from "react-router";
import { TokensPage } from "../features/account/tokens-page.tsx";
import { requireViewer } from "../lib/api.server.ts";
import { apiContext } from "../lib/request-context.server.ts";
import { ErrorPage } from "../ui/error-page.tsx";
import type { Route } from "./+types/api-tokens.ts";
import type { loader as shellLoader } from "./app-shell.tsx";

/** For a document. Within the app the page fetches the list itself. */
export async function loader({ context }: Route.LoaderArgs) {
  // Guests have no account that a program could use, so the page does not exist for them.
  if (requireViewer(context).isGuest) throw data(null, { status: 404 });
  const helpers = createServerSideHelpers({ client: context.get(apiContext).client });
  // Does not throw: the page says what could not be loaded.
  await helpers.account.tokens.list.prefetch();
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "API tokens · Alleato Chat" }];
}

export default function ApiTokensPage({ loaderData }: Route.ComponentProps) {
  const shell = useRouteLoaderData<typeof shellLoader>("routes/app-shell");
  if (!shell) throw new Error("This page stands in the app shell.");
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <TokensPage initialReader={shell.reader} />
    </HydrationBoundary>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
