import { renderToReadableStream } from "react-dom/server";
import {
  type EntryContext,
  type HandleErrorFunction,
  type RouterContextProvider,
  ServerRouter,
} from "react-router";
import { requestContext } from "./lib/request-context.server.ts";

// The platform's entry points (functions/[[path]].ts, dev/api-plugin.ts) make the context with it.
export { createLoadContext } from "./lib/request-context.server.ts";

/** Renders a page, and hands it out in one piece: nothing in it waits for slow data. */
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
  let finalStatus = status;
  let isShellRendered = false;
  const body = await renderToReadableStream(
    <ServerRouter context={routerContext} url={request.url} nonce={nonce} />,
    {
      nonce,
      signal: request.signal,
      // Everything stands where it belongs in the HTML, however long a chat is. Otherwise React puts
      // large parts at the end, behind placeholders, for a script to move.
      progressiveChunkSize: Number.MAX_SAFE_INTEGER,
      onError(error) {
        finalStatus = 500;
        // Errors of the shell reject the promise, and handleError logs them.
        if (isShellRendered) logError(error, request, loadContext);
      },
    },
  );
  isShellRendered = true;
  await body.allReady;
  return new Response(body, { status: finalStatus, headers });
}

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  // A reader who left is no failure.
  if (!request.signal.aborted) logError(error, request, context as RouterContextProvider);
};

function logError(error: unknown, request: Request, context: RouterContextProvider): void {
  const { id } = context.get(requestContext);
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { pathname } = new URL(request.url);
  console.error(JSON.stringify({ level: "error", event: "page", requestId: id, pathname, detail }));
}
