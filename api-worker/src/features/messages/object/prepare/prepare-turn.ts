/** What can start a turn, each with what it needs: a new kind of request is a line here. */
import type { ContentDb } from "db";
import { newId } from "../../../../platform/ids.ts";
import type { TurnRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import type { ModelResolver, Preparation } from "./preparation.ts";
import { prepareApproval } from "./prepare-approval.ts";
import { prepareContinuation } from "./prepare-continuation.ts";
import { prepareQuestion } from "./prepare-question.ts";
import { prepareRegeneration } from "./prepare-regeneration.ts";

type Kind = TurnRequest["kind"];
type RequestOf<K extends Kind> = Extract<TurnRequest, { kind: K }>;

interface TurnKind<Request> {
  /** The message that the turn is asked for with. */
  readonly messageIdOf: (request: Request) => string;
  /** Whether that message is the answer, which goes on. Else the turn writes a new one. */
  readonly goesOn: boolean;
  /** What tells two requests of the same kind for the same message apart. */
  readonly variantOf?: (request: Request) => string;
  /** Checks the request, and writes to D1 what the turn needs. Throws what D1 throws. */
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

/** What is known of a turn before anything is asked. */
export interface WantedTurn extends Pick<NewTurn, "requestMessageId" | "assistantMessageId"> {
  /** The same for a request that is sent again. */
  readonly wish: string;
}

/** Names the messages of the turn that a request wants. */
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
 * Checks a request for a turn, and writes to D1 what the turn needs.
 *
 * @param turn the turn that was wanted; its ids are stored
 * @returns what the model is asked, or the answer to the client when there is nothing to start
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
  // The table's type says that each kind takes its own requests.
  return turnKinds[request.kind] as unknown as TurnKind<Request>;
}
