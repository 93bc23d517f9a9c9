import type { z } from "zod";
import type * as contract from "../../contracts/messages.ts";
import type { UserContext } from "../../trpc.ts";
export declare function sendMessage(
  _ctx: UserContext,
  _input: z.infer<typeof contract.sendInput>,
): Promise<contract.SendOutput>;
