import type { z } from "zod";
import type * as contract from "../../contracts/messages.ts";
import type { UserContext } from "../../trpc.ts";
export async function sendMessage(
  _ctx: UserContext,
  _input: z.infer<typeof contract.sendInput>,
): Promise<contract.SendOutput> {
  throw new Error("not built yet");
}
