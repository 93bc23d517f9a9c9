import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createServerSideHelpers } from "@trpc/react-query/server";
import type { AppRouter } from "api-worker";
import type { ViewerOutput } from "api-worker/contracts/auth";
import { limits } from "api-worker/contracts/limits";
import { data, type RouterContextProvider, redirect } from "react-router";
import { loginPath } from "./next-path.ts";
import { type Api, apiContext } from "./request-context.server.ts";

/** Headers of the browser's request that are forwarded to the API. */
const forwardedHeaders = ["cookie", "origin", "user-agent", "cf-connecting-ip"];

/**
 * Makes a client that calls the API on behalf of the browser that sent this request, with its address
 * and cookie. Calls that are made before the next timer runs travel as one request.
 *
 * @returns the client, and the list to which each response adds its `Set-Cookie` values
 */
export function createApiClient(api: Api, request: Request) {
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
  return { client, cookies };
}

/** The arguments of a loader that tell whom it answers. */
interface Asked {
  readonly context: Readonly<RouterContextProvider>;
  readonly url: URL;
}

/**
 * The viewer of a page that requires a login. A loader calls the API before it waits for this, so that
 * both travel as one request.
 *
 * @throws a redirect to the login page when the request has no session
 */
export async function requireViewer({ context, url }: Asked): Promise<ViewerOutput> {
  const viewer = await context.get(apiContext).viewer;
  if (!viewer) throw redirect(loginPath(url));
  return viewer;
}

/**
 * Refuses a page that does not exist for guests.
 *
 * @throws a response with status 404 for a guest; like {@link requireViewer}
 */
export async function requireAccount(asked: Asked): Promise<void> {
  const { isGuest } = await requireViewer(asked);
  if (isGuest) throw data(null, { status: 404 });
}

/**
 * The viewer of a page of administration, which does not exist for anyone but administrators.
 *
 * @throws a response with status 404, as for an unknown address
 */
export async function requireAdmin(
  context: Readonly<RouterContextProvider>,
): Promise<ViewerOutput> {
  const viewer = await context.get(apiContext).viewer;
  if (viewer?.role !== "admin") throw data(null, { status: 404 });
  return viewer;
}

/**
 * Query helpers for loaders, which fetch what the page would. `dehydrate` returns the state for the
 * page's HydrationBoundary. A `prefetch` does not throw: the page shows its failure.
 */
export function queryHelpers(context: Readonly<RouterContextProvider>) {
  return createServerSideHelpers({ client: context.get(apiContext).client });
}
