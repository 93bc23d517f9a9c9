import { z } from "zod";
export declare const chatIdInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
  },
  z.core.$strip
>;
export declare const chatOutput: z.ZodObject<
  {
    id: z.ZodString;
    title: z.ZodString;
    visibility: z.ZodEnum<{
      private: "private";
      public: "public";
    }>;
    pinnedAt: z.ZodNullable<z.ZodNumber>;
    currentMessageId: z.ZodNullable<z.ZodString>;
    createdAt: z.ZodNumber;
    updatedAt: z.ZodNumber;
  },
  z.core.$strip
>;
export type ChatOutput = z.infer<typeof chatOutput>;
export declare const chatListInput: z.ZodObject<
  {
    limit: z.ZodDefault<z.ZodInt>;
    cursor: z.ZodOptional<z.ZodNullable<z.ZodString>>;
  },
  z.core.$strip
>;
export declare const chatListOutput: z.ZodObject<
  {
    items: z.ZodArray<
      z.ZodObject<
        {
          id: z.ZodString;
          title: z.ZodString;
          visibility: z.ZodEnum<{
            private: "private";
            public: "public";
          }>;
          pinnedAt: z.ZodNullable<z.ZodNumber>;
          currentMessageId: z.ZodNullable<z.ZodString>;
          createdAt: z.ZodNumber;
          updatedAt: z.ZodNumber;
        },
        z.core.$strip
      >
    >;
    nextCursor: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type ChatListOutput = z.infer<typeof chatListOutput>;
export declare const chatRenameInput: z.ZodObject<
  {
    chatId: z.ZodUUID;
    title: z.ZodString;
  },
  z.core.$strip
>;
