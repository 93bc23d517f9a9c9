import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiHeaders, errorResponse } from "./answers.ts";
import { createContext } from "./context.ts";
import { limits } from "./contracts/limits.ts";
import { AppError } from "./errors.ts";
import { checkOrigin } from "./features/auth/origin.ts";
import { handleStreamRequest, streamPrefix } from "./features/streams/handle-request.ts";
import { sweep } from "./features/users/sweep.ts";
import { systemClock } from "./platform/clock.ts";
import { newId } from "./platform/ids.ts";
import { createLogger, type Logger } from "./platform/log.ts";
import { appRouter } from "./router.ts";
import { toAppError } from "./trpc.ts";

export { ChatObject } from "./features/messages/chat.do.ts";
export { OpenStreamObject } from "./features/streams/open-stream.do.ts";
export { UserObject } from "./features/users/user.do.ts";

export default {
  async fetch(request, env): Promise<Response> {
    const requestId = newId();
    const log = createLogger({ requestId });
    const { pathname } = new URL(request.url);
    try {
      checkOrigin(request);
      checkSize(request);
      if (pathname.startsWith("/trpc/")) return await handleTrpc(request, env, requestId, log);
      if (pathname.startsWith(streamPrefix)) {
        return await handleStream(request, env, requestId, log);
      }
      return errorResponse("NOT_FOUND", "There is nothing at this address.", requestId);
    } catch (error) {
      const appError = toAppError(error);
      if (appError.code === "INTERNAL") log.error("request", error, { pathname });
      return errorResponse(appError.code, appError.message, requestId);
    }
  },
  /** The cron of wrangler.toml. */
  async scheduled(_controller, env): Promise<void> {
    await sweep(env, createLogger({ cron: "sweep" }), systemClock());
  },
} satisfies ExportedHandler<Env>;

/** Room for the longest message that the contract allows, in JSON. */
const bodyMaxBytes = 2_000_000;

/** @throws AppError TOO_LARGE, before anything is read */
function checkSize(request: Request): void {
  const isImport = new URL(request.url).pathname === "/trpc/chats.import";
  const maxBytes = isImport ? limits.importMaxBytes : bodyMaxBytes;
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    throw new AppError("TOO_LARGE", "This is more than can be sent at once.");
  }
}

async function handleTrpc(
  request: Request,
  env: Env,
  requestId: string,
  log: Logger,
): Promise<Response> {
  const resHeaders = new Headers();
  // Made before tRPC takes over: a failure here is logged and answered like any other.
  const context = await createContext(request, env, requestId, resHeaders, log);
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: request,
    router: appRouter,
    createContext: () => context,
    responseMeta: () => ({ headers: apiHeaders(requestId) }),
  });
  for (const cookie of resHeaders.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}

async function handleStream(
  request: Request,
  env: Env,
  requestId: string,
  log: Logger,
): Promise<Response> {
  const resHeaders = new Headers();
  const context = await createContext(request, env, requestId, resHeaders, log);
  const response = await handleStreamRequest(context, request);
  for (const cookie of resHeaders.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}
