/** The kinds of request that can start a turn. A new kind is one more entry in `turnKinds`. */
import type { ContentDb } from "db";
import { newId } from "../../../../platform/ids.ts";
import type { TurnRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import { prepareApproval } from "./check-approval.ts";
import { prepareContinuation } from "./check-continuation.ts";
import { prepareQuestion } from "./check-question.ts";
import { prepareRegeneration } from "./check-regeneration.ts";
import type { ModelResolver, Preparation } from "./preparation.ts";

type Kind = TurnRequest["kind"];
type RequestOf<K extends Kind> = Extract<TurnRequest, { kind: K }>;

interface TurnKind<Request> {
  /** The message that the request names. */
  readonly messageIdOf: (request: Request) => string;
  /**
   * Whether that message is an answer that the turn continues. Otherwise the turn writes a new one.
   */
  readonly goesOn: boolean;
  /** Distinguishes requests of the same kind for the same message. */
  readonly variantOf?: (request: Request) => string;
  /** Checks the request, and writes the turn's rows to D1. Throws what D1 throws. */
  readonly prepare: (
    content: ContentDb,
    request: Request,
    turn: NewTurn,
    resolveModel: ModelResolver,
  ) => Promise<Preparation>;
}

const turnKinds: { readonly [K in Kind]: TurnKind<RequestOf<K>> } = {
  send: {
    messageIdOf: ({ message }) => message.id,
    goesOn: false,
    prepare: prepareQuestion,
  },
  continue: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: true,
    prepare: prepareContinuation,
  },
  regenerate: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: false,
    variantOf: ({ modelId }) => modelId ?? "",
    prepare: prepareRegeneration,
  },
  approve: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: true,
    prepare: prepareApproval,
  },
};

/** The facts of a turn that follow from its request alone. */
export interface WantedTurn extends Pick<NewTurn, "requestMessageId" | "assistantMessageId"> {
  /** Identifies the request: equal when it is repeated. */
  readonly wish: string;
}

/** Derives the ids of a turn's messages from its request. */
export function wantTurn(request: TurnRequest): WantedTurn {
  const { messageIdOf, variantOf, goesOn } = kindOf(request);
  const requestMessageId = messageIdOf(request);
  return {
    wish: [request.kind, requestMessageId, variantOf?.(request) ?? ""].join(" "),
    requestMessageId,
    assistantMessageId: goesOn ? requestMessageId : newId(),
  };
}

/**
 * Checks a request for a turn, and writes the turn's rows to D1.
 *
 * @param turn the turn that was requested; its ids are stored
 * @returns the messages for the model, or the result for the client when no turn starts
 * @throws what D1 throws
 */
export function prepareTurn(
  content: ContentDb,
  request: TurnRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Preparation> {
  return kindOf(request).prepare(content, request, turn, resolveModel);
}

function kindOf<Request extends TurnRequest>(request: Request): TurnKind<Request> {
  // Safe, because the table's type maps each kind to its own requests.
  return turnKinds[request.kind] as unknown as TurnKind<Request>;
}
