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
  /** The shown branch of a chat, a page at a time, from the newest backwards. */
  list: procedure.public
    .input(messageListInput)
    .output(messageListOutput)
    .query(({ ctx, input }) => listMessages(ctx, input)),
  /** Saves a message and starts its answer. Sending the same message id again returns the same turn. */
  send: procedure.user
    .input(sendInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "send", ...input })),
  /** The answer as AI SDK chunks, from the start or from `lastEventId`; empty when nothing is live. */
  stream: procedure.public
    .input(streamInput)
    .output(zTrackedIterable(streamEventSchema))
    .subscription(({ ctx, input, signal }) => streamTurn(ctx, input, signal)),
  /** Ends the answer and the provider's request, from any device. Keeps what came. */
  stop: procedure.user
    .input(stopInput)
    .output(stopOutput)
    .mutation(({ ctx, input }) => stopTurn(ownerOf(ctx), input)),
  /** Goes on with an answer that ended early: the same message grows, in a new turn. */
  continue: procedure.user
    .input(continueInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "continue", ...input })),
  /** Answers a question again, also with another model: a sibling of the answer, which stays. */
  regenerate: procedure.user
    .input(regenerateInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "regenerate", ...input })),
  /** Shows the branch that leads through a message. Kept for the chat, on every device. */
  selectBranch: procedure.user
    .input(selectBranchInput)
    .output(selectBranchOutput)
    .mutation(({ ctx, input }) => selectBranch(ownerOf(ctx), input)),
  /** Allows or denies the tool calls that an answer asks about; the answer goes on in a new turn. */
  approve: procedure.user
    .input(approveInput)
    .output(sendOutput)
    .mutation(({ ctx, input }) => startTurn(ctx, { kind: "approve", ...input })),
});
