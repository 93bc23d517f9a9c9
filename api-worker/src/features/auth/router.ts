import { z } from "zod";
import {
  authOptionsOutput,
  changePasswordInput,
  logInInput,
  resetPasswordInput,
  sessionIdInput,
  sessionOutput,
  signUpInput,
  startCheckedGuestInput,
  viewerOutput,
} from "../../contracts/auth.ts";
import { procedure, router } from "../../trpc.ts";
import { authOptions } from "./auth-options.ts";
import { changePassword } from "./change-password.ts";
import { startGuest } from "./guest/guests.ts";
import { logIn } from "./log-in.ts";
import { resetPassword } from "./reset/reset-password.ts";
import {
  listSessions,
  logOut,
  revokeAllAccess,
  revokeOtherSessions,
  revokeSession,
} from "./session/viewer-sessions.ts";
import { signUp } from "./sign-up.ts";
import { toViewerOutput } from "./viewer-output.ts";

export const authRouter = router({
  signUp: procedure.public
    .input(signUpInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => signUp(ctx, input)),
  logIn: procedure.public
    .input(logInInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => logIn(ctx, input)),
  /** Lets a visitor chat without an account and without personal data. */
  startGuest: procedure.public.output(viewerOutput).mutation(({ ctx }) => startGuest(ctx)),
  /** The same where Turnstile is on. */
  startCheckedGuest: procedure.public
    .input(startCheckedGuestInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => startGuest(ctx, input.turnstileToken)),
  /** The options that the login page offers. */
  options: procedure.public.output(authOptionsOutput).query(({ ctx }) => authOptions(ctx)),
  /** A guest who logs out loses access to their chats. */
  logOut: procedure.public.output(z.null()).mutation(({ ctx }) => logOut(ctx)),
  /** The viewer; null without a session. */
  me: procedure.public
    .output(viewerOutput.nullable())
    .query(({ ctx }) => ctx.viewer && toViewerOutput(ctx.viewer)),
  /** Ends the sessions of all other browsers too. */
  changePassword: procedure.account
    .input(changePasswordInput)
    .output(z.null())
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  /** With a link that the operator has made. Ends all sessions, and logs this browser in. */
  resetPassword: procedure.public
    .input(resetPasswordInput)
    .output(viewerOutput)
    .mutation(({ ctx, input }) => resetPassword(ctx, input)),
  sessions: router({
    list: procedure.user
      .output(z.object({ items: z.array(sessionOutput) }))
      .query(({ ctx }) => listSessions(ctx)),
    revoke: procedure.user
      .input(sessionIdInput)
      .output(z.null())
      .mutation(({ ctx, input }) => revokeSession(ctx, input)),
    /** Logs all other browsers out. */
    revokeOthers: procedure.account
      .output(z.null())
      .mutation(({ ctx }) => revokeOtherSessions(ctx)),
    /** Logs all browsers out, this one too, and revokes all API tokens. */
    revokeAll: procedure.account.output(z.null()).mutation(({ ctx }) => revokeAllAccess(ctx)),
  }),
});
