/**
 * The kinds of request that can start a turn, or let one go on, and the one place where they are
 * counted. A new kind is one more entry in `turnKinds`.
 */
import type { ContentDb } from "db";
import { newId } from "../../../../platform/ids.ts";
import { hasCostLimit, type TurnCount } from "../../../limits/day-limits.ts";
import { isStorageRefusal } from "../../../limits/storage.ts";
import type { StartResult, TurnRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import { checkApproval } from "./check-approval.ts";
import { checkContinuation } from "./check-continuation.ts";
import { checkQuestion } from "./check-question.ts";
import { checkRegeneration } from "./check-regeneration.ts";
import { checkRestart, type RestartRequest } from "./check-restart.ts";
import { estimateTurn } from "./estimate-turn.ts";
import {
  type Check,
  type CheckedTurn,
  type ModelResolver,
  type Preparation,
  refuse,
} from "./preparation.ts";
import { usableModels } from "./usable-models.ts";

type AnyRequest = TurnRequest | RestartRequest;
type Kind = AnyRequest["kind"];
type RequestOf<K extends Kind> = Extract<AnyRequest, { kind: K }>;

interface TurnKind<Request> {
  /** The message that the request names. */
  readonly messageIdOf: (request: Request) => string;
  /**
   * Whether that message is an answer that the turn continues. Otherwise the turn writes a new one.
   */
  readonly goesOn: boolean;
  /** Distinguishes requests of the same kind for the same message. */
  readonly variantOf?: (request: Request) => string;
  /** The id under which it counts against the owner's day; the turn's when left out. */
  readonly countIdOf?: (request: Request, turn: NewTurn) => string;
  /** Checks the request, and writes nothing. Throws what D1 throws. */
  readonly check: (
    content: ContentDb,
    request: Request,
    turn: NewTurn,
    resolveModel: ModelResolver,
  ) => Promise<Check>;
}

const turnKinds: { readonly [K in Kind]: TurnKind<RequestOf<K>> } = {
  send: {
    messageIdOf: ({ message }) => message.id,
    goesOn: false,
    check: checkQuestion,
  },
  continue: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: true,
    check: checkContinuation,
  },
  regenerate: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: false,
    // A double press of "Answer" is one request, whatever model each names.
    variantOf: ({ modelId, onlyIfLast }) => (onlyIfLast ? "last" : (modelId ?? "")),
    check: checkRegeneration,
  },
  approve: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: true,
    check: checkApproval,
  },
  restart: {
    messageIdOf: ({ messageId }) => messageId,
    goesOn: true,
    countIdOf: ({ count }, turn) => restartCountId(turn, count),
    check: checkRestart,
  },
};

/**
 * The id under which a restart of a turn counts. It follows from the restart's number, so a restart
 * that is prepared again after another crash counts once.
 */
export function restartCountId({ turnId }: Pick<NewTurn, "turnId">, count: number): string {
  return `${turnId}/${count}`;
}

/** The facts of a turn that follow from its request alone. */
export type WantedTurn = Pick<NewTurn, "wish" | "requestMessageId" | "assistantMessageId">;

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

export interface PrepareDeps {
  readonly content: ContentDb;
  readonly resolveModel: ModelResolver;
  readonly turnCount: TurnCount;
}

/**
 * Checks a request for a turn, counts the turn against the owner's day, and writes its rows to D1 if
 * they fit into the owner's storage.
 * Nothing calls a model for a user's chat without passing here. Only what starts a turn is counted:
 * a refused request is not, and a repeated one finds the turn that was counted.
 *
 * @param turn the turn that was requested; its ids are stored
 * @returns the messages for the model, or the result for the client when no turn starts
 * @throws what D1 and the user's object throw; it is then unknown whether the turn is written, and
 *   recovery gives it back if it is not
 */
export async function prepareTurn(
  { content, resolveModel, turnCount }: PrepareDeps,
  request: AnyRequest,
  turn: NewTurn,
): Promise<Preparation> {
  const kind = kindOf(request);
  const models = usableModels(resolveModel, request.models);
  const check = await kind.check(content, request, turn, models);
  if (check.kind === "refused") return check;
  const countId = kind.countIdOf?.(request, turn) ?? turn.turnId;
  const { id, files } = check.model;
  const price = request.models?.[id]?.price ?? null;
  if (price === null && hasCostLimit(request.dayLimits)) return refuseUnpriced(files.modelName);
  const hold = estimateTurn(turn, check, price);
  const taken = await turnCount.take(turn, countId, request.dayLimits, hold);
  if (taken.kind === "refused") return refuse({ kind: "limited", limit: taken });
  const refusal = await saveFitting(check);
  const { inputTokens } = hold.estimate;
  if (refusal === null) return { ...check, pricing: price && { price, inputTokens } };
  await turnCount.giveBack(turn, countId);
  return refuse(refusal);
}

/** A limit in money that counts nothing would be none. */
function refuseUnpriced(modelName: string) {
  const message = `${modelName} has no price, so it can’t be used while there is a limit in dollars. Choose another model, or ask an administrator to set its price.`;
  return refuse({ kind: "invalid", field: "modelId", message });
}

/** Saves a turn's rows, or says that the owner's storage is full. */
async function saveFitting({ save }: CheckedTurn): Promise<StartResult | null> {
  try {
    return await save();
  } catch (error) {
    if (isStorageRefusal(error)) return { kind: "full" };
    throw error;
  }
}

function kindOf<Request extends AnyRequest>(request: Request): TurnKind<Request> {
  // Safe, because the table's type maps each kind to its own requests.
  return turnKinds[request.kind] as unknown as TurnKind<Request>;
}
