import type { TrackedEnvelope } from "@trpc/server";
import type { z } from "zod";
import type * as contract from "../../contracts/messages.ts";
import type { UserContext } from "../../trpc.ts";

export async function* streamTurn(
  _ctx: UserContext,
  _input: z.infer<typeof contract.streamInput>,
  _signal: AbortSignal | undefined,
): AsyncGenerator<TrackedEnvelope<z.infer<typeof contract.streamEventSchema>>> {
  throw new Error("not built yet");
}
