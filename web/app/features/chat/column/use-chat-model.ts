import type { ChatMessage } from "../../messages/message.ts";
import { whyUnseen } from "../../models/filter-models.ts";
import { type ModelChoice, useModel } from "../../models/use-model.ts";

export type ChatModel = ReturnType<typeof useChatModel>;

/**
 * Chooses the model for a chat's next message.
 *
 * @param hasPictures whether the unsent message has pictures
 */
export function useChatModel(
  messages: readonly ChatMessage[],
  choice: ModelChoice,
  hasPictures: boolean,
) {
  const lastAnswer = messages.findLast(({ role }) => role === "assistant");
  const model = useModel(lastAnswer?.metadata?.modelId, choice);
  return {
    ...model,
    /** Why the model cannot answer the unsent message; null when it can. */
    problem: hasPictures ? whyUnseen(model.model) : null,
  };
}
