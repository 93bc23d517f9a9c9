import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { createContext } from "./context.ts";
import { transportCodes } from "./errors.ts";
import { checkOrigin } from "./features/auth/origin.ts";
import { newId } from "./platform/ids.ts";
import { createLogger } from "./platform/log.ts";
import { appRouter } from "./router.ts";
import { toAppError } from "./trpc.ts";

export { ChatObject } from "./features/messages/chat.do.ts";

export default {
  async fetch(request, env): Promise<Response> {
    const requestId = newId();
    const log = createLogger({ requestId });
    const { pathname } = new URL(request.url);
    try {
      checkOrigin(request);
      if (pathname.startsWith("/trpc/")) return await handleTrpc(request, env, requestId);
      return errorResponse("NOT_FOUND", "There is nothing at this address.", requestId);
    } catch (error) {
      const appError = toAppError(error);
      if (appError.code === "INTERNAL") log.error("request", error, { pathname });
      return errorResponse(appError.code, appError.message, requestId);
    }
  },
} satisfies ExportedHandler<Env>;

async function handleTrpc(request: Request, env: Env, requestId: string): Promise<Response> {
  const log = createLogger({ requestId });
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: request,
    router: appRouter,
    createContext: ({ resHeaders }) => createContext(request, env, requestId, resHeaders, log),
    responseMeta: () => ({
      headers: { "x-request-id": requestId, "cache-control": "no-store" },
    }),
  });
  return response;
}

function errorResponse(
  code: keyof typeof transportCodes,
  message: string,
  requestId: string,
): Response {
  const { httpStatus } = transportCodes[code];
  return Response.json(
    { error: { message, data: { errorCode: code, httpStatus, requestId } } },
    { status: httpStatus, headers: { "x-request-id": requestId, "cache-control": "no-store" } },
  );
}
