import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { logInInput, SessionOutput, signUpInput, ViewerOutput } from "../../contracts/auth.ts";
import type { UserContext } from "../../trpc.ts";
export declare function signUp(
  _ctx: Context,
  _input: z.infer<typeof signUpInput>,
): Promise<ViewerOutput>;
export declare function logIn(
  _ctx: Context,
  _input: z.infer<typeof logInInput>,
): Promise<ViewerOutput>;
export declare function logOut(_ctx: Context): Promise<null>;
export declare function me(_ctx: Context): Promise<ViewerOutput | null>;
export declare function listSessions(_ctx: UserContext): Promise<{
  items: SessionOutput[];
}>;
export declare function revokeSession(
  _ctx: UserContext,
  _input: {
    sessionId: string;
  },
): Promise<null>;
