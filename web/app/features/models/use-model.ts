import type { ModelListOutput } from "api-worker/contracts";
import { trpc } from "../../lib/trpc.ts";

/** The model that the viewer has chosen for the next message. */
export interface ModelChoice {
  /** undefined while nothing was chosen. */
  readonly chosenId: string | undefined;
  readonly choose: (modelId: string) => void;
}

/**
 * The available models, and the one that will answer: the chosen one, else the model of the last
 * answer, else the viewer's default.
 *
 * @param lastModelId the model of the chat's last answer
 */
export function useModel(lastModelId: string | null | undefined, choice: ModelChoice) {
  const utils = trpc.useUtils();
  const list = trpc.models.list.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const models = list.data?.items ?? [];
  const byId = (wantedId: string | null | undefined) => models.find(({ id }) => id === wantedId);
  // The chosen model may have gone meanwhile.
  const chosen = byId(choice.chosenId);
  const chosenId = list.data ? chosen?.id : choice.chosenId;
  const model = chosen ?? byId(lastModelId) ?? models.find(({ isDefault }) => isDefault);
  /** Sending a message makes the chosen model the viewer's default. */
  const noteSent = () => {
    if (chosenId === undefined) return;
    utils.models.list.setData(undefined, (known) => known && withDefault(known, chosenId));
  };
  return { models, model, modelId: model?.id, chosenId, choose: choice.choose, noteSent };
}

function withDefault({ items }: ModelListOutput, modelId: string): ModelListOutput {
  return { items: items.map((model) => ({ ...model, isDefault: model.id === modelId })) };
}
