export declare const chatsRouter: import("@trpc/server").TRPCBuiltRouter<
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
    /** The viewer's chats, the last used first. */
    list: import("@trpc/server").TRPCQueryProcedure<{
      input: {
        limit?: number | undefined;
        cursor?: string | null | undefined;
      };
      output: {
        items: {
          id: string;
          title: string;
          visibility: "private" | "public";
          pinnedAt: number | null;
          currentMessageId: string | null;
          createdAt: number;
          updatedAt: number;
        }[];
        nextCursor: string | null;
      };
      meta: object;
    }>;
    get: import("@trpc/server").TRPCQueryProcedure<{
      input: {
        chatId: string;
      };
      output: {
        id: string;
        title: string;
        visibility: "private" | "public";
        pinnedAt: number | null;
        currentMessageId: string | null;
        createdAt: number;
        updatedAt: number;
      };
      meta: object;
    }>;
    rename: import("@trpc/server").TRPCMutationProcedure<{
      input: {
        chatId: string;
        title: string;
      };
      output: {
        id: string;
        title: string;
        visibility: "private" | "public";
        pinnedAt: number | null;
        currentMessageId: string | null;
        createdAt: number;
        updatedAt: number;
      };
      meta: object;
    }>;
    /** Deletes a chat with its messages, and ends an answer that is under way. */
    delete: import("@trpc/server").TRPCMutationProcedure<{
      input: {
        chatId: string;
      };
      output: null;
      meta: object;
    }>;
    deleteAll: import("@trpc/server").TRPCMutationProcedure<{
      input: void;
      output: {
        deletedCount: number;
      };
      meta: object;
    }>;
  }>
>;
