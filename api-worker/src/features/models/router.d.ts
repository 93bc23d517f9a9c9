export declare const modelsRouter: import("@trpc/server").TRPCBuiltRouter<
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
    /** The models that can answer with this deployment's keys. */
    list: import("@trpc/server").TRPCQueryProcedure<{
      input: void;
      output: {
        items: {
          id: string;
          name: string;
          provider: string;
          description: string;
          isDemo: boolean;
          isDefault: boolean;
          capabilities: {
            tools: boolean;
            vision: boolean;
            reasoning: boolean;
          };
        }[];
      };
      meta: object;
    }>;
  }>
>;
