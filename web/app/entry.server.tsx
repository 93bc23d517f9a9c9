import { renderToReadableStream } from "react-dom/server";
import {
  type EntryContext,
  type HandleErrorFunction,
  type RouterContextProvider,
  ServerRouter,
} from "react-router";
import { logFailure } from "./lib/log.server.ts";
import { pageBudgetContext } from "./lib/render-budget.server.ts";
import { SpendContext } from "./lib/render-budget.ts";
import { requestContext } from "./lib/request-context.server.ts";

// The platform's entry points (pages/server.ts, dev/api-plugin.ts) check requests and create the
// load context with these.
export { admitRequest } from "./lib/admit-request.server.ts";
export { createLoadContext } from "./lib/request-context.server.ts";

/** Renders a page and sends it in one piece, because nothing in it waits for slow data. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
  loadContext: RouterContextProvider,
): Promise<Response> {
  headers.set("content-type", "text/html; charset=utf-8");
  if (request.method === "HEAD") return new Response(null, { status, headers });

  const { nonce } = loadContext.get(requestContext);
  const budget = loadContext.get(pageBudgetContext);
  const failures: unknown[] = [];
  const body = await renderToReadableStream(
    <SpendContext value={(cost) => budget.spend(cost)}>
      <ServerRouter context={routerContext} url={request.url} nonce={nonce} />
    </SpendContext>,
    {
      nonce,
      signal: request.signal,
      // Keeps all HTML in place, however long a chat is. Otherwise React appends large parts behind
      // placeholders, for a script to move.
      progressiveChunkSize: Number.MAX_SAFE_INTEGER,
      onError(error) {
        failures.push(error);
      },
    },
  );
  // An error in the shell has rejected the promise, and handleError logs it. Any other is in a part
  // of the page that says so itself, like a message that cannot be displayed: the rest is sound.
  await body.allReady;
  for (const error of failures) {
    logFailure(loadContext, "pages.render_failed", error, new URL(request.url).pathname);
  }
  return new Response(body, { status, headers });
}

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  // A client that disconnects is not a failure.
  if (request.signal.aborted) return;
  const { pathname } = new URL(request.url);
  logFailure(context as RouterContextProvider, "pages.load_failed", error, pathname);
};
