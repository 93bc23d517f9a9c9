import type { z } from "zod";
import type * as contract from "../../contracts/messages.ts";
import type { UserContext } from "../../trpc.ts";
export async function listMessages(
  _ctx: UserContext,
  _input: z.infer<typeof contract.messageListInput>,
): Promise<contract.MessageListOutput> {
  throw new Error("not built yet");
}
