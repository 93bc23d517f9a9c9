import type { DataUIPart } from "ai";
import type { MessageData } from "api-worker/contracts";
import type { DataPartType } from "api-worker/contracts/message-parts";

type DataPart = DataUIPart<MessageData>;

/** A data part of one type, as its definition in the contract has it. */
export type DataPartOf<Type extends DataPartType> = Extract<DataPart, { readonly type: Type }>;

/** Hands each data part of an answer, as it arrives, to those that listen to its type. */
export class DataPartListeners {
  readonly #listeners = new Set<(part: DataPart) => void>();

  /**
   * Listens to the parts of one type. A part that is written in pieces comes with the whole of it
   * so far, so a listener that comes late misses nothing.
   *
   * @returns a function that ends the listening
   */
  on<Type extends DataPartType>(
    type: Type,
    listener: (part: DataPartOf<Type>) => void,
  ): () => void {
    const hear = (part: DataPart) => {
      if (isOfType(part, type)) listener(part);
    };
    this.#listeners.add(hear);
    return () => {
      this.#listeners.delete(hear);
    };
  }

  /** Tells a part to all that listen to its type. */
  tell(part: DataPart): void {
    for (const hear of this.#listeners) hear(part);
  }
}

function isOfType<Type extends DataPartType>(part: DataPart, type: Type): part is DataPartOf<Type> {
  return part.type === type;
}
