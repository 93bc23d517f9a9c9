import type { UIMessageChunk } from "ai";
import type { RouterInputs } from "api-worker";
import type { MessageListOutput, SendOutput } from "api-worker/contracts";

type Inputs = RouterInputs["messages"];

/** The procedures that start a turn. */
export type TurnKind = "send" | "continue" | "regenerate" | "approve";

/** A request for a turn: the name of the procedure that starts it, and its input. */
export type TurnRequest<Kind extends TurnKind = TurnKind> = {
  readonly [Name in Kind]: { readonly kind: Name; readonly input: Inputs[Name] };
}[Kind];

/** A user message, with an id that the client made. */
export type SendRequest = Inputs["send"];

/** What to read: a turn from its start, or from after the event `lastEventId`. */
export interface TurnPosition {
  readonly chatId: string;
  /** The live turn when left out. */
  readonly streamId?: string;
  /** The id of the last event that the reader has. */
  readonly lastEventId?: string;
}

export interface TurnObserver {
  /** The worker has responded; events follow. */
  onOpen(): void;
  /** @param id the event's id, to continue reading after it */
  onEvent(id: string, chunks: readonly UIMessageChunk[]): void;
  /** The connection is lost and does not reconnect by itself. */
  onError(error: unknown): void;
  /**
   * The connection was closed in an orderly way. That is not the end of the answer. If no event
   * came, there is no such turn.
   */
  onEnd(): void;
}

/**
 * The worker's `messages` procedures that this feature uses. A port, so that tests need no network.
 */
export interface MessagesPort {
  /**
   * Starts a turn. Repeating a request returns the turn that it started: for the same message id,
   * for continuing the same answer while that turn runs, for answering the last question, and for
   * the same approvals.
   */
  start(request: TurnRequest): Promise<SendOutput>;
  /** @returns a function that closes the connection; the turn continues without it */
  subscribe(position: TurnPosition, observer: TurnObserver): () => void;
  /** Shows the branch that leads through a message. */
  selectBranch(request: Inputs["selectBranch"]): Promise<void>;
  stop(turn: Inputs["stop"]): Promise<void>;
  /** A page of the shown branch, oldest first; the newest page if `cursor` is omitted. */
  list(page: Inputs["list"]): Promise<MessageListOutput>;
}
