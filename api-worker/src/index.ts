import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { boundRequest, withStreamedForm } from "./bounded-request.ts";
import type { Context } from "./context.ts";
import { limits } from "./contracts/limits.ts";
import { createContext } from "./create-context.ts";
import { checkOrigin } from "./features/auth/origin.ts";
import { filePrefix, serveFile } from "./features/files/serve-file.ts";
import { wakeWaitingIndexes } from "./features/search/wake-waiting-indexes.ts";
import { handleStreamRequest, streamPrefix } from "./features/streams/http/handle-request.ts";
import { systemClock } from "./platform/clock.ts";
import { newId } from "./platform/ids.ts";
import { createLogger, type Logger } from "./platform/log.ts";
import { readRest } from "./platform/request-body.ts";
import { addSecurityHeaders, apiHeaders, errorResponse } from "./responses.ts";
import { appRouter } from "./router.ts";
import { sweep } from "./sweep.ts";
import { toAppError } from "./trpc.ts";

export { SignInObject } from "./features/auth/tries/sign-in.do.ts";
export { ChatObject } from "./features/messages/object/chat.do.ts";
export { UserObject } from "./features/news/user.do.ts";
export { SearchObject } from "./features/search/object/search.do.ts";
export { OpenStreamObject } from "./features/streams/object/open-stream.do.ts";

/** As in wrangler.toml. */
const searchCron = "*/5 * * * *";

export default {
  async fetch(request, env): Promise<Response> {
    const requestId = newId();
    const routed = withStreamedForm(request);
    const response = await respond(request, routed, env, requestId);
    addSecurityHeaders(response, request);
    await readRest(routed);
    return response;
  },
  /** The crons of wrangler.toml. */
  async scheduled({ cron }, env): Promise<void> {
    await wakeWaitingIndexes(env, createLogger({ cron: "search" }));
    if (cron !== searchCron) await sweep(env, createLogger({ cron: "sweep" }), systemClock());
  },
} satisfies ExportedHandler<Env>;

/**
 * Never rejects: any failure becomes an error response.
 *
 * @param routed the request for the router, which has the body
 */
async function respond(
  request: Request,
  routed: Request,
  env: Env,
  requestId: string,
): Promise<Response> {
  const log = createLogger({ requestId });
  const { pathname } = new URL(request.url);
  try {
    checkOrigin(request);
    if (pathname.startsWith("/trpc/")) {
      return await handleTrpc(request, routed, env, requestId, log);
    }
    if (pathname.startsWith(streamPrefix)) {
      return await handleRoute(handleStreamRequest, request, env, requestId, log);
    }
    if (pathname.startsWith(filePrefix)) {
      return await handleRoute(serveFile, request, env, requestId, log);
    }
    return errorResponse("NOT_FOUND", "Nothing was found at this address.", requestId);
  } catch (error) {
    const appError = toAppError(error);
    if (appError.code === "INTERNAL") log.error("request.failed", error, { pathname });
    const { code, message, retryAfterSeconds } = appError;
    return errorResponse(code, message, requestId, { retryAfterSeconds });
  }
}

async function handleTrpc(
  request: Request,
  routed: Request,
  env: Env,
  requestId: string,
  log: Logger,
): Promise<Response> {
  const resHeaders = new Headers();
  // Made before tRPC takes over: a failure here is logged and reported like any other.
  const context = await createContext(request, env, requestId, resHeaders, log);
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: await boundRequest(request, routed, context.viewer),
    router: appRouter,
    createContext: () => context,
    // A query may travel in the body of a POST, which is how the web app searches.
    allowMethodOverride: true,
    maxBatchSize: limits.batchCallsMax,
    responseMeta: () => ({ headers: apiHeaders(requestId) }),
  });
  for (const cookie of resHeaders.getSetCookie()) response.headers.append("set-cookie", cookie);
  if (context.request.acceptsLines) streamLines(response);
  return response;
}

/**
 * Keeps proxies from collecting lines to compress them: the platform compresses JSON, which tRPC
 * calls this, but neither this type nor a response that must not be transformed.
 */
function streamLines({ ok, headers }: Response): void {
  if (!ok) return;
  headers.set("content-type", "application/jsonl");
  headers.set("cache-control", `${headers.get("cache-control")}, no-transform`);
}

/** Hands a request to a route that is not tRPC's. */
async function handleRoute(
  handle: (context: Context, request: Request) => Promise<Response>,
  request: Request,
  env: Env,
  requestId: string,
  log: Logger,
): Promise<Response> {
  const resHeaders = new Headers();
  const context = await createContext(request, env, requestId, resHeaders, log);
  const response = await handle(context, request);
  for (const cookie of resHeaders.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}
