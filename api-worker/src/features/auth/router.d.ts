export declare const authRouter: import("@trpc/server").TRPCBuiltRouter<
  {
    ctx: import("../../context.ts").Context;
    meta: object;
    errorShape: {
      message: string;
      data: import("../../contracts/errors.ts").ErrorData;
      code: import("@trpc/server").TRPC_ERROR_CODE_NUMBER;
    };
    transformer: false;
  },
  import("@trpc/server").TRPCDecorateCreateRouterOptions<{
    signUp: import("@trpc/server").TRPCMutationProcedure<{
      input: {
        email: string;
        password: string;
        name?: string | undefined;
      };
      output: {
        id: string;
        email: string | null;
        name: string | null;
        role: "user" | "admin";
        isGuest: boolean;
      };
      meta: object;
    }>;
    logIn: import("@trpc/server").TRPCMutationProcedure<{
      input: {
        email: string;
        password: string;
      };
      output: {
        id: string;
        email: string | null;
        name: string | null;
        role: "user" | "admin";
        isGuest: boolean;
      };
      meta: object;
    }>;
    logOut: import("@trpc/server").TRPCMutationProcedure<{
      input: void;
      output: null;
      meta: object;
    }>;
    /** Who is asking; null for nobody. */
    me: import("@trpc/server").TRPCQueryProcedure<{
      input: void;
      output: {
        id: string;
        email: string | null;
        name: string | null;
        role: "user" | "admin";
        isGuest: boolean;
      } | null;
      meta: object;
    }>;
    sessions: import("@trpc/server").TRPCBuiltRouter<
      {
        ctx: import("../../context.ts").Context;
        meta: object;
        errorShape: {
          message: string;
          data: import("../../contracts/errors.ts").ErrorData;
          code: import("@trpc/server").TRPC_ERROR_CODE_NUMBER;
        };
        transformer: false;
      },
      import("@trpc/server").TRPCDecorateCreateRouterOptions<{
        list: import("@trpc/server").TRPCQueryProcedure<{
          input: void;
          output: {
            items: {
              id: string;
              createdAt: number;
              expiresAt: number;
              lastSeenAt: number;
              userAgent: string | null;
              isCurrent: boolean;
            }[];
          };
          meta: object;
        }>;
        revoke: import("@trpc/server").TRPCMutationProcedure<{
          input: {
            sessionId: string;
          };
          output: null;
          meta: object;
        }>;
      }>
    >;
  }>
>;
