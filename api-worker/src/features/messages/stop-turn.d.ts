import type { z } from "zod";
import type * as contract from "../../contracts/messages.ts";
import type { UserContext } from "../../trpc.ts";
export declare function stopTurn(
  _ctx: UserContext,
  _input: z.infer<typeof contract.stopInput>,
): Promise<z.infer<typeof contract.stopOutput>>;
