import { HydrationBoundary } from "@tanstack/react-query";
import { createServerSideHelpers } from "@trpc/react-query/server";
import { useState } from "react";
import { Outlet } from "react-router";
import { requireViewer } from "../lib/api.server.ts";
import { toPageError } from "../lib/page-error.ts";
import { apiContext } from "../lib/request-context.server.ts";
import { api, getQueryClient, trpc } from "../lib/trpc.ts";
import type { Route } from "./+types/app-shell.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const { client } = context.get(apiContext);
  const helpers = createServerSideHelpers({ client });
  try {
    await helpers.chats.list.fetchInfinite({ limit: 30 });
  } catch (error) {
    throw toPageError(error);
  }
  return { viewer: requireViewer(context), dehydratedState: helpers.dehydrate() };
}

/** The list lives in React Query from here on; navigation does not load it again. */
export function shouldRevalidate() {
  return false;
}

export default function AppShell({ loaderData }: Route.ComponentProps) {
  const [queryClient] = useState(getQueryClient);
  return (
    <trpc.Provider client={api} queryClient={queryClient}>
      <HydrationBoundary state={loaderData.dehydratedState} queryClient={queryClient}>
        <Outlet />
      </HydrationBoundary>
    </trpc.Provider>
  );
}
