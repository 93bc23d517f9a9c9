import {
  approveInput,
  continueInput,
  messageListInput,
  messageListOutput,
  regenerateInput,
  selectBranchInput,
  selectBranchOutput,
  sendInput,
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
import { startedOutput, startTurnWithEvents } from "./start-with-events.ts";
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
   * Like all procedures that start a turn, it streams the answer in the same response to a client
   * that reads JSON lines (`httpBatchStreamLink`).
   */
  send: procedure.user
    .input(sendInput)
    .output(startedOutput)
    .mutation(({ ctx, input, signal }) =>
      startTurnWithEvents(ctx, { kind: "send", ...input }, signal),
    ),
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
    .output(startedOutput)
    .mutation(({ ctx, input, signal }) =>
      startTurnWithEvents(ctx, { kind: "continue", ...input }, signal),
    ),
  /**
   * Answers a question again, optionally with another model. The earlier answer stays as a sibling.
   */
  regenerate: procedure.user
    .input(regenerateInput)
    .output(startedOutput)
    .mutation(({ ctx, input, signal }) =>
      startTurnWithEvents(ctx, { kind: "regenerate", ...input }, signal),
    ),
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
    .output(startedOutput)
    .mutation(({ ctx, input, signal }) =>
      startTurnWithEvents(ctx, { kind: "approve", ...input }, signal),
    ),
});
