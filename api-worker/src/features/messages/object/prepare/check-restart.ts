/** Checks a turn that was cut off by the death of its object, and goes on by itself. */
import { type ContentDb, runBatch } from "db";
import { fitStorage } from "../../../limits/storage.ts";
import type { Part } from "../../turn/rebuild-message.ts";
import type { ContinueRequest } from "../../turn/turn-protocol.ts";
import type { NewTurn } from "../turn-store.ts";
import { continuedTurn } from "./check-continuation.ts";
import {
  type Check,
  historyMaxMessages,
  type ModelResolver,
  refuse,
  refuseModel,
} from "./preparation.ts";
import { readContinuationFacts } from "./queries.ts";

/** Asks to continue a turn that is open. Only the chat's object makes such a request. */
export interface RestartRequest extends Omit<ContinueRequest, "kind"> {
  readonly kind: "restart";
  /** The parts in the turn's log. D1 does not have them yet. */
  readonly keptParts: readonly Part[];
  /** Which restart of the answer this is, from 1. */
  readonly count: number;
}

/**
 * Checks that D1 still has the answer as this turn's, in a chat of the same owner, and that its model
 * is available. Unlike after a press of "Continue", no other model takes over. Saving writes nothing:
 * the answer is open already, and must only fit into its owner's storage.
 *
 * @throws what D1 throws
 */
export async function checkRestart(
  content: ContentDb,
  request: RestartRequest,
  turn: NewTurn,
  resolveModel: ModelResolver,
): Promise<Check> {
  const { messageId, keptParts, userId, storage } = request;
  const facts = await readContinuationFacts(content, request, messageId, historyMaxMessages);
  const [answer, ...before] = facts.branch;
  const isOpen = answer?.status === "streaming" && answer.streamId === turn.turnId;
  if (!answer || !isOpen || facts.hasChild) return refuse({ kind: "missing", what: "message" });
  const model = answer.modelId === null ? undefined : resolveModel(answer.modelId);
  if (!model) return refuseModel(resolveModel);
  const kept = { id: messageId, role: "assistant" as const, parts: [...keptParts] };
  return {
    ...continuedTurn(answer, before, kept, model, turn),
    save: async () => {
      await runBatch(content, [fitStorage(userId, storage, "answer")]);
      return null;
    },
  };
}
