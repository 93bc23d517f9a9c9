import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "api-worker";
import type { ViewerOutput } from "api-worker/contracts/auth";
import { createContext, RouterContextProvider } from "react-router";

/** The API worker: a service binding in production, plain HTTP in development. */
export interface Api {
  fetch(request: Request): Promise<Response>;
}

/** The API as one reader sees it, for the time of one request. */
export interface ApiSession {
  readonly client: TRPCClient<AppRouter>;
  /** `Set-Cookie` values of the API's answers; they belong on the answer to the browser. */
  readonly cookies: readonly string[];
  /** Who is logged in; asked for once per request. */
  viewer: ViewerOutput | null;
}

/** What the platform gives a request, before any middleware. */
export interface Platform {
  readonly api: Api;
  /** IANA name of the reader's time zone, as the platform guesses it from the address. */
  readonly timeZone: string | undefined;
}

/** Facts of one request, for its log lines, its headers and its error page. */
export interface RequestFacts {
  readonly id: string;
  /** Marks the scripts that we wrote ourselves, for the Content-Security-Policy. */
  readonly nonce: string;
}

export const platformContext = createContext<Platform>();
export const requestContext = createContext<RequestFacts>();
export const apiContext = createContext<ApiSession>();

/** Makes the context that middleware, loaders and actions share for one request. */
export function createLoadContext({
  api,
  timeZone,
}: {
  // A service binding, or anything that fetches like one: the platform's types differ from the DOM's.
  api: { fetch(request: never): Promise<unknown> };
  timeZone: string | undefined;
}): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(platformContext, {
    api: { fetch: (request) => api.fetch(request as never) as Promise<Response> },
    timeZone,
  });
  context.set(requestContext, { id: crypto.randomUUID(), nonce: createNonce() });
  return context;
}

function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
