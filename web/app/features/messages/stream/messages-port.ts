import type { UIMessageChunk } from "ai";
import type { RouterInputs } from "api-worker";
import type { MessageListOutput, SendOutput } from "api-worker/contracts";

type Inputs = RouterInputs["messages"];

/** The procedures that start a turn. */
export type TurnKind = "send" | "continue" | "regenerate" | "approve";

/** A request for a turn: the procedure that starts it, and its input. */
export type TurnRequest<Kind extends TurnKind = TurnKind> = {
  readonly [Name in Kind]: { readonly kind: Name; readonly input: Inputs[Name] };
}[Kind];

/** One message of the user, with an id that the client made. */
export type SendRequest = Inputs["send"];

/** What to read: a turn from its start, or from behind the event `lastEventId`. */
export interface TurnPosition {
  readonly chatId: string;
  /** The live turn when left out. */
  readonly streamId?: string;
  /** The id of the last event that the reader has. */
  readonly lastEventId?: string;
}

export interface TurnObserver {
  /** The worker has answered; what there is to read comes next. */
  onOpen(): void;
  /** @param id the event's, to read on from there */
  onEvent(id: string, chunks: readonly UIMessageChunk[]): void;
  /** The connection is gone, and does not come back by itself. */
  onError(error: unknown): void;
  /**
   * The connection ended in order. That is not the end of the answer; without any event it says
   * that there is no such turn.
   */
  onEnd(): void;
}

/** The worker's `messages` procedures, as far as this feature needs them. A port, so that tests need no network. */
export interface MessagesPort {
  /**
   * Starts a turn. Sending the same message id again returns the turn that it started; so does
   * continuing the same answer while that turn runs, and approving the same tool calls.
   */
  start(request: TurnRequest): Promise<SendOutput>;
  /** @returns a function that closes the connection; the answer goes on without it */
  subscribe(position: TurnPosition, observer: TurnObserver): () => void;
  /** Shows the branch that leads through a message. */
  selectBranch(request: Inputs["selectBranch"]): Promise<void>;
  stop(turn: Inputs["stop"]): Promise<void>;
  /** A page of the shown branch, oldest first; the newest page when `cursor` is left out. */
  list(page: Inputs["list"]): Promise<MessageListOutput>;
}
