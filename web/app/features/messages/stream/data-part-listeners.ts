import type { DataUIPart } from "ai";
import type { MessageData } from "api-worker/contracts";
import type { DataPartType } from "api-worker/contracts/message-parts";

type DataPart = DataUIPart<MessageData>;

/** A data part of one type, as the contract defines it. */
export type DataPartOf<Type extends DataPartType> = Extract<DataPart, { readonly type: Type }>;

/** Passes each arriving data part of an answer to the listeners of its type. */
export class DataPartListeners {
  readonly #listeners = new Set<(part: DataPart) => void>();

  /**
   * Listens to the parts of one type. A part that is written in pieces arrives complete up to now
   * each time, so a late listener misses nothing.
   *
   * @returns a function that stops listening
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

  /** Passes a part to the listeners of its type. */
  tell(part: DataPart): void {
    for (const hear of this.#listeners) hear(part);
  }
}

function isOfType<Type extends DataPartType>(part: DataPart, type: Type): part is DataPartOf<Type> {
  return part.type === type;
}
