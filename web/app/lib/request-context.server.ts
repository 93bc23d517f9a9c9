import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "api-worker";
import type { ViewerOutput } from "api-worker/contracts/auth";
import { createContext, RouterContextProvider } from "react-router";
import type { PageRefusal } from "./page-refusal.ts";

/** The API worker: a service binding in production, plain HTTP in development. */
export interface Api {
  fetch(request: Request): Promise<Response>;
}

/** The API with one user's cookie, for one request. */
export interface ApiSession {
  readonly client: TRPCClient<AppRouter>;
  /** `Set-Cookie` values of the API's responses, to be set on the response to the browser. */
  readonly cookies: readonly string[];
  /**
   * The viewer, fetched once per request. A page's loaders start before it is known, so that what they
   * ask of the API travels with it. Rejects with the response for the error page.
   */
  readonly viewer: Promise<ViewerOutput | null>;
}

/** What the platform provides for a request, before any middleware. */
export interface Platform {
  readonly api: Api;
  /** IANA name of the time zone that the platform derives from the IP address. */
  readonly timeZone: string | undefined;
  /** Lets work outlive the response. Missing in development, where nothing ends with the response. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** Facts about a request, for its log lines, headers and error page. */
export interface RequestFacts {
  readonly id: string;
  /** Marks our inline scripts for the Content-Security-Policy. */
  readonly nonce: string;
  /** Why the request is refused; null when it is not. */
  readonly refusal: PageRefusal | null;
}

export const platformContext = createContext<Platform>();
export const requestContext = createContext<RequestFacts>();
export const apiContext = createContext<ApiSession>();
/** Another origin whose scripts and frames the page may have; null for none. */
export const widgetOriginContext = createContext<string | null>(null);

/** Creates the context that middleware, loaders and actions share for one request. */
export function createLoadContext({
  refusal = null,
  ...platform
}: Platform & { readonly refusal?: PageRefusal | null }): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(platformContext, platform);
  context.set(requestContext, { id: crypto.randomUUID(), nonce: createNonce(), refusal });
  return context;
}

function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
