import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { boundRequest, withStreamedForm } from "./bounded-request.ts";
import { confirmViewer } from "./confirm-viewer.ts";
import type { Context } from "./context.ts";
import { limits } from "./contracts/limits.ts";
import { clientAddress, createContext, readLength } from "./create-context.ts";
import { AppError } from "./errors.ts";
import { checkOrigin } from "./features/auth/origin.ts";
import { readSessionCookie } from "./features/auth/session/cookie.ts";
import { readBearer } from "./features/auth/token/bearer-token.ts";
import { filePrefix, serveFile } from "./features/files/serve-file.ts";
import { packagePrefix, servePackage } from "./features/packages/serve-package.ts";
import {
  handleStreamRequest,
  isLiveRead,
  streamPrefix,
} from "./features/streams/http/handle-request.ts";
import { admitOpening } from "./features/subscriptions/admit-opening.ts";
import { healthPath, serveHealth } from "./health.ts";
import { type Asked, knownMethod, logRefusal } from "./log-refusal.ts";
import { isPageFailure, storePageFailure } from "./page-failures.ts";
import { systemClock } from "./platform/clock.ts";
import { newId } from "./platform/ids.ts";
import { createLogger, type Logger } from "./platform/log.ts";
import { readRest } from "./platform/request-body.ts";
import { type EventSource, mayLog } from "./platform/security-log.ts";
import { readyPath, serveReady } from "./ready.ts";
import { addSecurityHeaders, apiHeaders, errorResponse } from "./responses.ts";
import { appRouter } from "./router.ts";
import { sweep } from "./sweep.ts";
import { toAppError } from "./trpc.ts";

export { SignInObject } from "./features/auth/tries/sign-in.do.ts";
export { GuestBudgetObject } from "./features/limits/guests/guest-budget.do.ts";
export { SiteBudgetObject } from "./features/limits/site/site-budget.do.ts";
export { ChatObject } from "./features/messages/object/chat.do.ts";
export { UserObject } from "./features/news/user.do.ts";
export { SearchObject } from "./features/search/object/search.do.ts";
export { OpenStreamObject } from "./features/streams/object/open-stream.do.ts";
export { PdfObject } from "./features/uploads/model/pdf.do.ts";
export { JobObject } from "./job.do.ts";

/** The more frequent cron of wrangler.toml. */
const frequentCron = "*/5 * * * *";

export default {
  async fetch(request, env): Promise<Response> {
    const requestId = newId();
    const routed = withStreamedForm(request);
    const response = isPageFailure(request)
      ? await storePageFailure(request, requestId)
      : await respond(request, routed, env, requestId);
    addSecurityHeaders(response, request);
    await readRest(routed);
    return response;
  },
  /** The crons of wrangler.toml. */
  async scheduled({ cron }, env): Promise<void> {
    const kind = cron === frequentCron ? "frequent" : "all";
    await sweep(env, createLogger({ cron: kind }), systemClock(), kind);
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
  const url = new URL(request.url);
  const asked: Asked = { route: routeOf(url.pathname), method: request.method };
  const asker: Asker = {
    log: createLogger({ requestId }),
    request: { address: clientAddress(request) },
  };
  try {
    checkOrigin(request);
    if (opensLive(asked, url)) {
      const credential = readBearer(request) ?? readSessionCookie(request, url);
      admitOpening({ url, address: asker.request.address, credential });
    }
    switch (asked.route) {
      case "trpc":
        return await handleTrpc(request, routed, env, requestId, asker);
      case "streams":
        return await handleRoute(asked.route, handleStreamRequest, request, env, requestId, asker);
      case "files":
        return await handleRoute(asked.route, serveFile, request, env, requestId, asker);
      case "packages": {
        const { address } = asker.request;
        return await servePackage({ env, request: { id: requestId, url, address } }, asked.method);
      }
      case "health":
        return serveHealth(env, asked.method, requestId);
      case "ready":
        return await serveReady(env, asked.method, requestId);
      case "other":
        throw new AppError("NOT_FOUND", "Nothing was found at this address.");
    }
  } catch (error) {
    const appError = toAppError(error);
    if (appError.code === "INTERNAL") {
      asker.log.error("request.failed", error, { pathname: url.pathname });
    }
    logRefusal(asker, appError, asked);
    const { code, message, retryAfterSeconds } = appError;
    return errorResponse(code, message, requestId, { retryAfterSeconds });
  }
}

/** The client, and the viewer as far as the viewer is known. */
interface Asker extends EventSource {
  /** Names the viewer from the time when the viewer is identified. */
  log: Logger;
}

function routeOf(pathname: string): Asked["route"] {
  if (pathname.startsWith("/trpc/")) return "trpc";
  if (pathname.startsWith(streamPrefix)) return "streams";
  if (pathname.startsWith(packagePrefix)) return "packages";
  if (pathname === healthPath) return "health";
  if (pathname === readyPath) return "ready";
  return pathname.startsWith(filePrefix) ? "files" : "other";
}

/** By path, which the type of the router does not say. */
const procedures = appRouter._def.procedures as unknown as Readonly<
  Record<string, { readonly _def: { readonly type: string } }>
>;
const subscriptions: ReadonlySet<string> = new Set(
  Object.entries(procedures)
    .filter(([, { _def }]) => _def.type === "subscription")
    .map(([path]) => path),
);

/** Whether a request opens a subscription or a live read. */
function opensLive({ method, route }: Asked, url: URL): boolean {
  if (route === "streams") return isLiveRead(method, url);
  if (route !== "trpc") return false;
  // The router decodes a path before it divides it.
  const paths = decodePath(url.pathname.slice("/trpc/".length)).split(",");
  return paths.some((path) => subscriptions.has(path));
}

/** A path that cannot be decoded stays as it is: the router refuses it. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function handleTrpc(
  request: Request,
  routed: Request,
  env: Env,
  requestId: string,
  asker: Asker,
): Promise<Response> {
  const resHeaders = new Headers();
  // Made before tRPC takes over: a failure here is logged and reported like any other.
  const arrived = await createContext(request, env, requestId, resHeaders, asker.log);
  asker.log = arrived.log;
  const bounded = await boundRequest(request, routed, arrived.viewer);
  await confirmViewer(arrived);
  const contentLength = readLength(bounded.headers);
  const { written, ...known } = arrived;
  const context: Context = { ...known, request: { ...arrived.request, contentLength } };
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: bounded,
    router: appRouter,
    createContext: () => context,
    // A query may travel in the body of a POST, which is how the web app searches.
    allowMethodOverride: true,
    maxBatchSize: limits.batchCallsMax,
    onError({ error, path }) {
      // Any other path is text of the client.
      const isKnown = path !== undefined && Object.hasOwn(appRouter._def.procedures, path);
      const procedure = isKnown ? path : null;
      const asked: Asked = { route: "trpc", method: request.method, procedure };
      logRefusal(context, toAppError(error), asked);
    },
    responseMeta: () => ({ headers: apiHeaders(requestId) }),
  });
  await written;
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
  route: Asked["route"],
  handle: (context: Context, request: Request) => Promise<Response>,
  request: Request,
  env: Env,
  requestId: string,
  asker: Asker,
): Promise<Response> {
  const resHeaders = new Headers();
  const startedAt = systemClock();
  const context = await createContext(request, env, requestId, resHeaders, asker.log);
  asker.log = context.log;
  const response = await handle(context, request).finally(() => context.written);
  // Any client can cause responses that are not ok, as often as it sends requests.
  if (response.ok || mayLog(context, "request.served")) {
    const { status } = response;
    const durationMs = systemClock() - startedAt;
    const served = { route, method: knownMethod(request.method), status, durationMs };
    context.log.info("request.served", served);
  }
  for (const cookie of resHeaders.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}
