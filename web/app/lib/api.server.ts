import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "api-worker";
import type { ViewerOutput } from "api-worker/contracts/auth";
import type { RouterContextProvider } from "react-router";
import { type Api, type ApiSession, apiContext } from "./request-context.server.ts";

/** Headers of the reader's request that the API looks at: who, from where, with what, from which page. */
const forwardedHeaders = ["cookie", "origin", "user-agent", "cf-connecting-ip"];

/**
 * Calls the API on behalf of the reader whose request this is: same address, same cookie. Calls made in
 * the same tick travel as one request.
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

/** The logged-in reader of a page that is behind the login. */
export function requireViewer(context: Readonly<RouterContextProvider>): ViewerOutput {
  const { viewer } = context.get(apiContext);
  if (!viewer) throw new Error("This page is not behind the login.");
  return viewer;
}
