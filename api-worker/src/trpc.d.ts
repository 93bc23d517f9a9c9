import { TRPCError } from "@trpc/server";
import type { Context } from "./context.ts";
import type { ErrorData } from "./contracts/errors.ts";
import { AppError } from "./errors.ts";
import { contentFor } from "./platform/content.ts";
export declare const router: import("@trpc/server").TRPCRouterBuilder<{
  ctx: Context;
  meta: object;
  errorShape: {
    message: string;
    data: ErrorData;
    code: import("@trpc/server").TRPC_ERROR_CODE_NUMBER;
  };
  transformer: false;
}>;
export declare const mergeRouters: <TRouters extends import("@trpc/server").AnyRouter[]>(
  ...routerList: TRouters
) => import("@trpc/server").TRPCMergeRouters<TRouters>;
/** Turns whatever was thrown into an error of the closed set. What is unknown says nothing of the inside. */
export declare function toAppError(error: unknown): AppError;
/** The same failure with the status code that HTTP clients look at. */
export declare function toTrpcError(error: unknown): TRPCError;
export declare const procedure: {
  public: import("@trpc/server").TRPCProcedureBuilder<
    Context,
    object,
    {},
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    false
  >;
  user: import("@trpc/server").TRPCProcedureBuilder<
    Context,
    object,
    {
      env: Env;
      content: import("db").ContentDb;
      log: import("./platform/log.ts").Logger;
      home: import("db").HomeDb;
      viewer: import("./features/auth/viewer.ts").Viewer;
      resHeaders: Headers;
      request: import("./context.ts").RequestFacts;
    },
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    false
  >;
  account: import("@trpc/server").TRPCProcedureBuilder<
    Context,
    object,
    {
      env: Env;
      content: import("db").ContentDb;
      log: import("./platform/log.ts").Logger;
      home: import("db").HomeDb;
      viewer: import("./features/auth/viewer.ts").Viewer;
      resHeaders: Headers;
      request: import("./context.ts").RequestFacts;
    },
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    false
  >;
  admin: import("@trpc/server").TRPCProcedureBuilder<
    Context,
    object,
    {
      env: Env;
      content: import("db").ContentDb;
      log: import("./platform/log.ts").Logger;
      home: import("db").HomeDb;
      viewer: import("./features/auth/viewer.ts").Viewer;
      resHeaders: Headers;
      request: import("./context.ts").RequestFacts;
    },
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    import("@trpc/server").TRPCUnsetMarker,
    false
  >;
};
/** Context of a user procedure: `viewer` is never null, `content` is the viewer's own. */
export type UserContext = Context & {
  readonly viewer: NonNullable<Context["viewer"]>;
  readonly content: ReturnType<typeof contentFor>;
};
