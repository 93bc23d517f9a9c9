import { initTRPC, TRPCError } from "@trpc/server";
// Imports the module whose types appear in the inferred type of a tracked subscription.
import type {} from "@trpc/server/unstable-core-do-not-import";
import { ZodError } from "zod";
import type { Context } from "./context.ts";
import type { ErrorData } from "./contracts/errors.ts";
import { AppError, transportCodes } from "./errors.ts";
import { contentFor } from "./platform/content.ts";
import { mayLog } from "./platform/security-log.ts";
import { tokenAccess } from "./token-access.ts";

const t = initTRPC.context<Context>().create({
  // Stack traces never leave the worker, in any environment.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const appError = toAppError(error);
    const { httpStatus } = transportCodes[appError.code];
    const data: ErrorData = {
      errorCode: appError.code,
      httpStatus,
      requestId: ctx?.request.id ?? "unknown",
      ...(appError.retryAfterSeconds !== undefined && {
        retryAfterSeconds: appError.retryAfterSeconds,
      }),
      ...(appError.limit && { limit: appError.limit }),
      ...(appError.fields && { fields: appError.fields }),
    };
    return { ...shape, message: appError.message, data };
  },
  sse: {
    // Keeps proxies from closing a quiet stream, and lets the client notice a dead one.
    ping: { enabled: true, intervalMs: 15_000 },
    client: { reconnectAfterInactivityMs: 40_000 },
  },
  jsonl: { pingMs: 15_000 },
});

export const { router, mergeRouters } = t;

/**
 * Converts any thrown value to an error of the closed set. Unknown errors reveal nothing of the
 * inside.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TRPCError) {
    if (error.cause instanceof AppError) return error.cause;
    if (error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR") return invalidInput(error);
    if (error.code === "NOT_FOUND")
      return new AppError("NOT_FOUND", "This procedure doesn’t exist.");
    if (error.code === "METHOD_NOT_SUPPORTED" || error.code === "UNSUPPORTED_MEDIA_TYPE") {
      return new AppError("INVALID", "This procedure can’t be called this way.");
    }
    if (error.code === "PAYLOAD_TOO_LARGE") {
      return new AppError("TOO_LARGE", "This request is too large.");
    }
  }
  return new AppError("INTERNAL", "Something went wrong. Try again.", {
    cause: error,
  });
}

function invalidInput(error: TRPCError): AppError {
  if (!(error.cause instanceof ZodError)) {
    return new AppError("INVALID", "The request couldn’t be read.", { cause: error });
  }
  const fields: Record<string, string> = {};
  for (const issue of error.cause.issues) fields[issue.path.join(".")] ??= issue.message;
  return new AppError("INVALID", Object.values(fields)[0] ?? "The request couldn’t be read.", {
    fields,
    cause: error,
  });
}

/** Converts a failure to a TRPCError with the right HTTP status. */
export function toTrpcError(error: unknown): TRPCError {
  const appError = toAppError(error);
  return new TRPCError({
    code: transportCodes[appError.code].trpc,
    message: appError.message,
    cause: appError,
  });
}

/** Logs every call, and converts every failure to an error of the closed set. */
const loggedProcedure = t.procedure.use(async ({ ctx, path, type, next }) => {
  const startedAt = Date.now();
  const result = await next();
  const fields = { procedure: path, type, durationMs: Date.now() - startedAt };
  if (result.ok) {
    ctx.log.info("trpc.call", { ...fields, status: 200 });
    return result;
  }
  const error = toTrpcError(result.error);
  const appError = toAppError(error);
  const { httpStatus } = transportCodes[appError.code];
  const outcome = { ...fields, status: httpStatus, errorCode: appError.code };
  if (httpStatus >= 500) {
    ctx.log.error("trpc.call", appError, { ...outcome, detail: appError.detail });
  } else if (mayLog(ctx, "trpc.call")) {
    ctx.log.info("trpc.call", { ...outcome, detail: appError.detail });
  }
  throw error;
});

/** Open to anyone. Programs may call what their token's scopes allow. */
const publicProcedure = loggedProcedure.use(({ ctx, path, type, next }) => {
  const scopes = ctx.viewer?.scopes;
  const verdict = scopes ? tokenAccess(scopes, path, type) : { kind: "allowed" as const };
  if (verdict.kind === "closed") {
    throw new AppError("FORBIDDEN", "This can’t be done with an API token.");
  }
  if (verdict.kind === "needs") {
    throw new AppError("FORBIDDEN", `This API token lacks the scope ${verdict.scope}.`);
  }
  return next();
});

/** Requires a login, as a guest or with an account. Adds the viewer's content database. */
const userProcedure = publicProcedure.use(({ ctx, next }) => {
  const { viewer } = ctx;
  if (!viewer) throw new AppError("UNAUTHENTICATED", "Log in to continue.");
  return next({ ctx: { ...ctx, viewer, content: contentFor(ctx.env, viewer) } });
});

/** Requires an account: not a guest. */
const accountProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.viewer.isGuest) {
    throw new AppError("FORBIDDEN", "Sign up or log in to do this.");
  }
  return next();
});

const adminProcedure = accountProcedure.use(({ ctx, next }) => {
  if (ctx.viewer.role !== "admin") {
    throw new AppError("FORBIDDEN", "Only administrators can do this.");
  }
  return next();
});

export const procedure = {
  public: publicProcedure,
  user: userProcedure,
  account: accountProcedure,
  admin: adminProcedure,
};
