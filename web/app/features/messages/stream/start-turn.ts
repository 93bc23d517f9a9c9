import type { SendOutput } from "api-worker/contracts";
import { type ChatMessage, toRequestParts } from "../message.ts";
import { askUntilAnswered } from "./ask-until-answered.ts";
import type { MessagesPort, TurnKind, TurnRequest } from "./messages-port.ts";

/** Requests that may be sent twice: the second finds the turn that the first has started. */
const isRepeatable: Record<TurnKind, boolean> = {
  send: true,
  continue: true,
  // A second one would be a second answer.
  regenerate: false,
  // By then the tool calls may not wait any more.
  approve: false,
};

/**
 * Starts a turn. Asks again when no answer came, where that cannot start a second one.
 *
 * @throws what the port threw
 */
export function startTurn(
  port: Pick<MessagesPort, "start">,
  request: TurnRequest,
): Promise<SendOutput> {
  const start = () => port.start(request);
  return isRepeatable[request.kind] ? askUntilAnswered(start) : start();
}

/**
 * The request that sends a message of the user.
 *
 * @param parentId the message that it follows: null for none, undefined for the last one shown
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
