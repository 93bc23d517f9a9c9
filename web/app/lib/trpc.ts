import { MutationCache, QueryCache, type QueryClient } from "@tanstack/react-query";
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCLink,
} from "@trpc/client";
import { createTRPCQueryUtils, createTRPCReact } from "@trpc/react-query";
import { tap } from "@trpc/server/observable";
import type { AppRouter } from "api-worker";
import { limits } from "api-worker/contracts/limits";
import { isBusy, isUnsettled } from "./error-text.ts";
import { FreshQueryClient } from "./fresh-query-client.ts";
import { linesLink } from "./lines-link.ts";
import { noteRefusal } from "./new-version.ts";
import { noteSessionError } from "./session-change.ts";
import { shownViewerHeaders as headers, withShownViewer } from "./shown-viewer.ts";

const maxItems = limits.batchCallsMax;
/** Responses to these go on with an answer. */
const startsTurn = /^messages\.(send|continue|regenerate|approve)$/;

/** The API's procedures as hooks. Works only below the app shell's provider. */
export const trpc = createTRPCReact<AppRouter>();

/** Notices when the API refuses what only an older page asks. */
const refusalLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next(op).pipe(tap({ error: noteRefusal }));

/** The API without React, for transports and other code outside of components. Browser only. */
export const api = createTRPCClient<AppRouter>({
  links: [
    refusalLink,
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: httpSubscriptionLink({ url: () => withShownViewer("/trpc") }),
      false: splitLink({
        // What people search for travels in a body, not in an address, which servers log.
        condition: ({ path }) => path === "chats.search" || path.startsWith("admin."),
        true: httpBatchLink({ url: "/trpc", maxItems, headers, methodOverride: "POST" }),
        false: splitLink({
          condition: (operation) => startsTurn.test(operation.path),
          true: linesLink({ url: "/trpc", headers }),
          false: httpBatchLink({ url: "/trpc", maxItems, headers }),
        }),
      }),
    }),
  ],
});

/** A cache for one user: for one request on the server, for one document in the browser. */
export function createQueryClient(): QueryClient {
  return new FreshQueryClient({
    queryCache: new QueryCache({
      // What has data already was asked for before, and is renewed by the page itself.
      onError: (error, { state }) =>
        noteSessionError(error, state.data === undefined ? "user" : "page"),
    }),
    mutationCache: new MutationCache({ onError: (error) => noteSessionError(error, "user") }),
    defaultOptions: {
      queries: {
        // Data that arrived with the page is fresh, so it is not fetched again at once.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      },
    },
  });
}

let browserQueryClient: QueryClient | undefined;

/**
 * The single cache of the browser. On the server a new one for each request, because users must not
 * share it.
 */
export function getQueryClient(): QueryClient {
  if (typeof document === "undefined") return createQueryClient();
  browserQueryClient ??= createQueryClient();
  return browserQueryClient;
}

/** The cache and the API for code outside of components, such as `clientLoader`s. Browser only. */
export function getQueryUtils() {
  return createTRPCQueryUtils({ queryClient: getQueryClient(), client: api });
}

function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  return isUnsettled(error) || isBusy(error);
}
