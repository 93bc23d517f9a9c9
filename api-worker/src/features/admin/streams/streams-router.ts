import {
  listEndedInput,
  listEndedOutput,
  liveStreamsOutput,
  stopStreamInput,
} from "../../../contracts/admin-streams.ts";
import { stopOutput } from "../../../contracts/messages.ts";
import { procedure, router } from "../../../trpc.ts";
import { listEndedStreams, listLiveStreams, stopStream } from "./streams.ts";

export const streamsRouter = router({
  /** The answers in progress. */
  live: procedure.admin.output(liveStreamsOutput).query(({ ctx }) => listLiveStreams(ctx)),
  /** The answers that failed or were interrupted. */
  ended: procedure.admin
    .input(listEndedInput)
    .output(listEndedOutput)
    .query(({ ctx, input }) => listEndedStreams(ctx, input)),
  stop: procedure.admin
    .input(stopStreamInput)
    .output(stopOutput)
    .mutation(({ ctx, input }) => stopStream(ctx, input)),
});
