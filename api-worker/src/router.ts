import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { accountRouter } from "./features/account/router.ts";
import { adminRouter } from "./features/admin/router.ts";
import { authRouter } from "./features/auth/router.ts";
import { chatsRouter } from "./features/chats/router.ts";
import { documentsRouter } from "./features/documents/router.ts";
import { messagesRouter } from "./features/messages/router.ts";
import { modelsRouter } from "./features/models/router.ts";
import { notificationsRouter } from "./features/notifications/router.ts";
import { searchRouter } from "./features/search/router.ts";
import { transferRouter } from "./features/transfer/router.ts";
import { uploadsRouter } from "./features/uploads/router.ts";
import { votesRouter } from "./features/votes/router.ts";
import { mergeRouters, router } from "./trpc.ts";

export const appRouter = router({
  account: accountRouter,
  admin: adminRouter,
  auth: authRouter,
  chats: mergeRouters(chatsRouter, searchRouter, transferRouter),
  documents: documentsRouter,
  messages: messagesRouter,
  models: modelsRouter,
  notifications: notificationsRouter,
  uploads: uploadsRouter,
  votes: votesRouter,
});

/** The contract. The web app knows the worker only by this type and the two below. */
export type AppRouter = typeof appRouter;

/** The input and output of each procedure, by its path: `RouterInputs["messages"]["send"]`. */
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
