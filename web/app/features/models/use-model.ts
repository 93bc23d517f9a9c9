import type { ModelListOutput } from "api-worker/contracts";
import { useState } from "react";
import { trpc } from "../../lib/trpc.ts";

/**
 * The models to choose from, and the one that will answer: the chosen one, else the one that
 * answered last, else the reader's usual one.
 *
 * @param lastModelId the model of the chat's last answer
 */
export function useModel(lastModelId: string | null | undefined) {
  const utils = trpc.useUtils();
  const list = trpc.models.list.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const [chosenId, setChosenId] = useState<string>();
  const models = list.data?.items ?? [];
  const model =
    models.find(({ id }) => id === (chosenId ?? lastModelId)) ??
    models.find(({ isDefault }) => isDefault);
  /** A choice with which a message is sent becomes the reader's usual one. */
  const noteSent = () => {
    if (chosenId === undefined) return;
    utils.models.list.setData(undefined, (known) => known && withDefault(known, chosenId));
  };
  return { models, model, modelId: model?.id, chosenId, choose: setChosenId, noteSent };
}

function withDefault({ items }: ModelListOutput, modelId: string): ModelListOutput {
  return { items: items.map((model) => ({ ...model, isDefault: model.id === modelId })) };
}
