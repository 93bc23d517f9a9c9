import type { SendOutput } from "api-worker/contracts";
import { type ChatMessage, toRequestParts } from "../message.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import type { MessagesPort, TurnKind, TurnRequest } from "./messages-port.ts";

/**
 * Kinds of requests that are safe to repeat: the repeat finds the turn that the first one started.
 */
const isRepeatable: Record<TurnKind, boolean> = {
  send: true,
  continue: true,
  // A repeat would start a second answer, unless the question has none.
  regenerate: false,
  // A repeat may find the tool calls no longer waiting.
  approve: false,
};

/**
 * Starts a turn, and repeats a request without response when its kind is safe to repeat.
 *
 * @throws what the port threw
 */
export function startTurn(
  port: Pick<MessagesPort, "start">,
  request: TurnRequest,
): Promise<SendOutput> {
  const start = () => port.start(request);
  const isFirstAnswer = request.kind === "regenerate" && request.input.onlyIfLast === true;
  return isRepeatable[request.kind] || isFirstAnswer ? askUntilAnswered(start) : start();
}

/**
 * Makes the request that sends a user message.
 *
 * @param parentId the message that it follows: null for none, undefined for the last message shown
 */
export function sendRequest(
  chatId: string,
  message: ChatMessage,
  parentId: string | null | undefined,
  modelId: string | undefined,
): TurnRequest<"send"> {
  return {
    kind: "send",
    input: {
      chatId,
      message: { id: message.id, parts: toRequestParts(message) },
      ...(parentId !== undefined && { parentId }),
      ...(modelId !== undefined && { modelId }),
    },
  };
}
