import { z } from "zod";
import {
  logInInput,
  sessionIdInput,
  sessionOutput,
  signUpInput,
  viewerOutput,
} from "../../contracts/auth.ts";
import { procedure, router } from "../../trpc.ts";
import { listSessions, logIn, logOut, me, revokeSession, signUp } from "./use-cases.ts";

export const authRouter = router({
  signUp: procedure.public
    .input(signUpInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => signUp(ctx, input)),
  logIn: procedure.public
    .input(logInInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => logIn(ctx, input)),
  logOut: procedure.public.output(z.null()).mutation(({ ctx }) => logOut(ctx)),
  /** Who is asking; null for nobody. */
  me: procedure.public.output(viewerOutput.nullable()).query(({ ctx }) => me(ctx)),
  sessions: router({
    list: procedure.user
      .output(z.object({ items: z.array(sessionOutput) }))
      .query(({ ctx }) => listSessions(ctx)),
    revoke: procedure.user
      .input(sessionIdInput)
      .output(z.null())
      .mutation(({ ctx, input }) => revokeSession(ctx, input)),
  }),
});
