import {
  approveInput,
  continueInput,
  messageListInput,
  messageListOutput,
  regenerateInput,
  selectBranchInput,
  selectBranchOutput,
  sendInput,
  sendOutput,
  stopInput,
  stopOutput,
  streamEventSchema,
  streamInput,
} from "../../contracts/messages.ts";
import { ownerOf } from "../../owner-context.ts";
import { zTrackedIterable } from "../../platform/tracked-iterable.ts";
import { procedure, router } from "../../trpc.ts";
import { listMessages } from "./list-messages.ts";
import { selectBranch } from "./select-branch.ts";
import { startTurn } from "./start-turn.ts";
import { stopTurn } from "./stop-turn.ts";
import { streamTurn } from "./stream-turn.ts";

export const messagesRouter = router({
  /** Lists the shown branch of a chat, page by page, from the newest backwards. */
  list: procedure.public
    .input(messageListInput)
    .output(messageListOutput)
    .query(({ ctx, input }) => listMessages(ctx, input)),
  /**
   * Saves a message and starts its answer. Sending the same message id again returns the same turn.
   */
  send: procedure.user
    .input(sendInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "send", ...input })),
  /**
   * Streams the answer as AI SDK chunks, from the start or from `lastEventId`; empty when no answer
   * is live.
   */
  stream: procedure.public
    .input(streamInput)
    .output(zTrackedIterable(streamEventSchema))
    .subscription(({ ctx, input, signal }) => streamTurn(ctx, input, signal)),
  /** Stops an answer and the provider's request, from any device. Keeps what has arrived. */
  stop: procedure.user
    .input(stopInput)
    .output(stopOutput)
    .mutation(({ ctx, input }) => stopTurn(ownerOf(ctx), input)),
  /** Continues an answer that ended early: the same message grows, in a new turn. */
  continue: procedure.user
    .input(continueInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "continue", ...input })),
  /**
   * Answers a question again, optionally with another model. The earlier answer stays as a sibling.
   */
  regenerate: procedure.user
    .input(regenerateInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "regenerate", ...input })),
  /** Shows the branch through a message. Stored with the chat, so it applies on every device. */
  selectBranch: procedure.user
    .input(selectBranchInput)
    .output(selectBranchOutput)
    .mutation(({ ctx, input }) => selectBranch(ownerOf(ctx), input)),
  /**
   * Approves or denies the tool calls that an answer asks about. The answer continues in a new
   * turn.
   */
  approve: procedure.user
    .input(approveInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "approve", ...input })),
});
