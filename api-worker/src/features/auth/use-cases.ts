import type { z } from "zod";
import type { Context } from "../../context.ts";
import type { logInInput, SessionOutput, signUpInput, ViewerOutput } from "../../contracts/auth.ts";
import type { UserContext } from "../../trpc.ts";

export async function signUp(
  _ctx: Context,
  _input: z.infer<typeof signUpInput>,
): Promise<ViewerOutput> {
  throw new Error("not built yet");
}
export async function logIn(
  _ctx: Context,
  _input: z.infer<typeof logInInput>,
): Promise<ViewerOutput> {
  throw new Error("not built yet");
}
export async function logOut(_ctx: Context): Promise<null> {
  throw new Error("not built yet");
}
export async function me(_ctx: Context): Promise<ViewerOutput | null> {
  throw new Error("not built yet");
}
export async function listSessions(_ctx: UserContext): Promise<{ items: SessionOutput[] }> {
  throw new Error("not built yet");
}
export async function revokeSession(
  _ctx: UserContext,
  _input: { sessionId: string },
): Promise<null> {
  throw new Error("not built yet");
}
