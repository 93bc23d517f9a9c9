import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createServerSideHelpers } from "@trpc/react-query/server";
import type { AppRouter } from "api-worker";
import type { ViewerOutput } from "api-worker/contracts/auth";
import { limits } from "api-worker/contracts/limits";
import { data, type RouterContextProvider } from "react-router";
import { type Api, type ApiSession, apiContext } from "./request-context.server.ts";

/** Headers of the browser's request that are forwarded to the API. */
const forwardedHeaders = ["cookie", "origin", "user-agent", "cf-connecting-ip"];

/**
 * Calls the API on behalf of the browser that sent this request, with its address and cookie. Calls
 * in the same tick travel as one request.
 */
export function createApiSession(api: Api, request: Request): ApiSession {
  const cookies: string[] = [];
  const headers: Record<string, string> = {};
  for (const name of forwardedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const client = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: new URL("/trpc", request.url).href,
        headers,
        maxItems: limits.batchCallsMax,
        async fetch(url, init) {
          const response = await api.fetch(new Request(url as string, init as RequestInit));
          cookies.push(...response.headers.getSetCookie());
          return response;
        },
      }),
    ],
  });
  return { client, cookies, viewer: null };
}

/**
 * The viewer of a page that requires a login.
 *
 * @throws when the request has no session
 */
export function requireViewer(context: Readonly<RouterContextProvider>): ViewerOutput {
  const { viewer } = context.get(apiContext);
  if (!viewer) throw new Error("This page is not behind the login.");
  return viewer;
}

/**
 * Refuses a page that does not exist for guests.
 *
 * @throws a response with status 404 for a guest
 */
export function requireAccount(context: Readonly<RouterContextProvider>): void {
  if (requireViewer(context).isGuest) throw data(null, { status: 404 });
}

/**
 * Query helpers for loaders, which fetch what the page would. `dehydrate` returns the state for the
 * page's HydrationBoundary. A `prefetch` does not throw: the page shows its failure.
 */
export function queryHelpers(context: Readonly<RouterContextProvider>) {
  return createServerSideHelpers({ client: context.get(apiContext).client });
}
